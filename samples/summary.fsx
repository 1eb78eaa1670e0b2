// Reads what a run has left behind: dotnet fsi --exec samples/summary.fsx RUN, with RUN a run's directory.
#I "../src/Grokking.Host/bin/Release/net10.0"
#r "grokking.dll"

open System
open System.IO
open Grokking.Host.Metrics.Parquet

let run = Array.last fsi.CommandLineArgs
let table name = ParquetTable.Open(Path.Combine(run, name))

let summary = table "summary.parquet"
let text name = summary.Texts name |> Array.exactlyOne
let number name = summary.Longs name |> Array.exactlyOne |> Option.ofNullable

let shown step =
    match step with
    | Some step -> $"at step {step}"
    | None -> "never"

printfn $"""{text "experiment"}: {text "operation"}, {text "optimiser"}, {text "status"}"""
printfn $"""memorised {shown (number "memorised_step")}, grokked {shown (number "grokked_step")}"""

let metrics = table "metrics.parquet"
let cells name = metrics.Doubles name |> Array.map (Option.ofNullable >> Option.defaultValue nan)
let curve = Array.zip3 (metrics.Longs "step") (cells "train_accuracy") (cells "test_accuracy")

for step, train, test in curve |> Array.filter (fun (step, _, _) -> step.Value % 50L = 0L) do
    printfn $"step %3d{step.Value}: train %.2f{train}, test %.2f{test}"
