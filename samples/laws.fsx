// Two laws, checked for every case: nothing is drawn at random but the weights.
#I "../src/Grokking.Host/bin/Release/net10.0"
#r "Grokking.Model.dll"

open System
open System.Collections.Immutable
open Grokking.Analytic
open Grokking.Arithmetic
open Grokking.Measures
open Grokking.Networks
open Grokking.Optimisers
open Grokking.Randomness
open Grokking.Tensors
open Grokking.Training

/// The share of all pairs of operands that the closed-form weights of a task answer right, or why there are none.
let accuracyOf text p =
    ArithmeticTask.Parse(text, Modulus p)
        .Bind(fun task -> Solutions.Of task)
        .Map(fun found -> Classification.Accuracy(found.Labels, found.Network.Logits(found.Weights, found.Samples)))
        .Match(Ok, Error)

let primes = [ 2..23 ] |> List.filter (fun p -> Modulus(p).IsPrime)

for text in [ "x + y"; "x^2 + y^2"; "x * y"; "(x + y)^2" ] do
    let right = primes |> List.forall (fun p -> accuracyOf text p = Ok 1.0)
    printfn $"closed-form weights of {text} answer every pair right, for every prime up to 23: {right}"

printfn "closed-form weights of x^2 + x*y + y^2 are known: %b" (Result.isOk (accuracyOf "x^2 + x*y + y^2" 23))

// Calling x by the name x + a, y by y + b and the result by x + y + a + b leaves the loss of any weights as it is.
let modulus = Modulus 7
let p = modulus.Value
let network = QuadraticNetwork(p, 2, 16)
let pairs = DataSet.Of(ArithmeticTask.Parse("x + y", modulus).OrThrow()).OrThrow()
let batch = Samples(p, pairs.Operands, pairs.Labels).ToBatch()
let recipe = Recipe(network, Loss.CrossEntropy(), GradientDescent(LearningRate = 1.0), Schedule.Constant, Nullable())
let weights = InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed 0UL).Weights

let loss (weights: Parameters<Dense>) = recipe.Loss.Of(network.Logits(weights, batch), batch.Labels).Scalar

let rename a b (weights: Parameters<Dense>) =
    let before shift value = modulus.Reduce(int64 (value - shift))
    let column j = if j < p then before a j else p + before b (j - p)
    let w1, w2 = weights["w1"], weights["w2"]
    let moved1 = Dense.Build(w1.Shape, fun at -> w1[at[0], column at[1]])
    let moved2 = Dense.Build(w2.Shape, fun at -> w2[before (a + b) at[0], at[1]])
    weights.With(ImmutableArray.Create(moved1, moved2))

let renamings = List.allPairs [ 0 .. p - 1 ] [ 0 .. p - 1 ]
let same = renamings |> List.filter (fun (a, b) -> abs (loss (rename a b weights) - loss weights) < 1e-12)
printfn $"cyclic renamings that leave the loss as it is: {same.Length} of {renamings.Length}"
