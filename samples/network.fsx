// A network of one's own in F#: the quadratic one with a cube in place of the square. Written once over the algebra, it is evaluated,
// differentiated and compiled like those that come with the model. Over a type parameter F# wants the functions of Tensor: Tensor.Multiply
// for what is * on numbers.
#I "../src/Grokking.Host/bin/Release/net10.0"
#r "Grokking.Model.dll"

open System
open System.Collections.Immutable
open Grokking.Arithmetic
open Grokking.Networks
open Grokking.Optimisers
open Grokking.Randomness
open Grokking.Tensors
open Grokking.Training

type CubicNetwork(modulus, width) =
    let quadratic = QuadraticNetwork(modulus, 2, width)

    interface INetwork with
        member _.Parameters = quadratic.Parameters

        member _.Logits<'T when 'T :> ITensor<'T>>(weights: Parameters<'T>, batch) =
            let hidden = quadratic.PreActivations(weights, batch)
            let cube = Tensor.Multiply(hidden, Tensor.Multiply(hidden, hidden))
            Tensor.Scale(Tensor.MatMul(cube, Tensor.Transpose weights["w2"]), 1.0 / float (2 * modulus * width))

let key = RandomKey.FromSeed 0UL
let task = ArithmeticTask.Parse("x - y", Modulus 23).OrThrow()
let split = DataSplit.Of(DataSet.Of(task).OrThrow(), 0.9, key.Split RandomPurpose.Split).OrThrow()
let optimiser = AdamW(LearningRate = 0.1, WeightDecay = 0.3, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10)
let recipe = Recipe(CubicNetwork(23, 100), Loss.MeanSquaredError(), optimiser, Schedule.Constant, Nullable())
let trainer = new Trainer(recipe, Samples.TrainOf split, Samples.TestOf split, Precision.Double, threads = 1)

for steps in [ 0L; 50L; 100L; 200L ] do
    let seen = trainer.Evaluate(trainer.Run(trainer.Start key, steps), gradients = false)
    printfn $"{task}, step %3d{steps}: train %.2f{seen.TrainAccuracy}, test %.2f{seen.TestAccuracy}"
