#I "../src/Grokking.Host/bin/Release/net10.0"
#r "Grokking.Model.dll"

open System
open Grokking.Arithmetic
open Grokking.Measures
open Grokking.Networks
open Grokking.Optimisers
open Grokking.Randomness
open Grokking.Training

let key = RandomKey.FromSeed 0UL
let task = ArithmeticTask.Parse("x + y", Modulus 23).OrThrow()
let split = DataSplit.Of(DataSet.Of(task).OrThrow(), 0.9, key.Split RandomPurpose.Split).OrThrow()
let optimiser = AdamW(LearningRate = 0.166, WeightDecay = 0.3, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10)
let recipe = Recipe(QuadraticNetwork(23, 2, 100), Loss.MeanSquaredError(), optimiser, Schedule.Constant, Nullable())
let trainer = new Trainer(recipe, Samples.TrainOf split, Samples.TestOf split, Precision.Double, threads = 1)

let observe (milestones: Milestones) (state: TrainState) =
    let seen = trainer.Evaluate(state, gradients = false)
    milestones.Observe(state.Step, seen.TrainAccuracy, seen.TestAccuracy)

let states = Seq.unfold (fun state -> Some(state, trainer.Run(state, 1L))) (trainer.Start key)
let milestones = states |> Seq.take 200 |> Seq.fold observe Milestones.None

printfn $"{task}: {split.Train.Length} of {split.Data.Count} samples to train on"
printfn $"memorised at step {milestones.Memorised.First}, grokked at step {milestones.Grokked.First}"
