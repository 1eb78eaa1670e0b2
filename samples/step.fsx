// A task of one's own, x² + y² mod 11, trained by the defining step (float64, plain loops) and by the compiled one: the same path.
// The step is a pure function from state to state, so a run is an unfold and a comparison is a zip.
#I "../src/Grokking.Host/bin/Release/net10.0"
#r "Grokking.Model.dll"

open System
open Grokking
open Grokking.Arithmetic
open Grokking.Networks
open Grokking.Optimisers
open Grokking.Randomness
open Grokking.Tensors
open Grokking.Training

let key = RandomKey.FromSeed 1UL

/// What can go wrong with a user's input is a value: three ways of asking, one `match`.
let samplesOf text =
    ArithmeticTask.Parse(text, Modulus 11)
        .Bind(fun task -> DataSet.Of task)
        .Bind(fun data -> DataSplit.Of(data, 0.8, key.Split RandomPurpose.Split))
        .Match(Ok, Error)

let largestDifference (a: TrainState) (b: TrainState) =
    Seq.zip a.Weights.Values b.Weights.Values
    |> Seq.collect (fun (v: Dense, w: Dense) -> Seq.zip (v.Values.ToArray()) (w.Values.ToArray()))
    |> Seq.map (fun (v, w) -> abs (v - w))
    |> Seq.max

let train (split: DataSplit) =
    let network = QuadraticNetwork(11, 2, 64)
    let optimiser = AdamW(LearningRate = 0.1, WeightDecay = 0.3, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10)
    let recipe = Recipe(network, Loss.MeanSquaredError(), optimiser, Schedule.Constant, Nullable())
    let trainSet, testSet = Samples.TrainOf split, Samples.TestOf split
    use trainer = new Trainer(recipe, trainSet, testSet, Precision.Double, threads = 1)

    let path step = Seq.unfold (fun state -> Some(state, step state)) (trainer.Start key) |> Seq.take 101
    let defined = path (fun state -> DefinedStep.Next(recipe, trainSet, state))
    let compiled = path (fun state -> trainer.Run(state, 1L))

    for asDefined, asCompiled in Seq.zip defined compiled do
        if asDefined.Step % 25L = 0L then
            let seen = trainer.Evaluate(asDefined, gradients = false)
            let agree = largestDifference asDefined asCompiled < 1e-9
            printfn $"step %3d{asDefined.Step}: train %.3f{seen.TrainAccuracy}, test %.3f{seen.TestAccuracy}, both steps agree: {agree}"

match samplesOf "x^2 + y^2" with
| Ok split ->
    printfn $"{split.Data.Task}"
    train split
| Error reason -> printfn $"{reason}"

match samplesOf "x^2 + * y" with
| Ok _ -> printfn "this is no formula"
| Error reason -> printfn $"{reason}"
