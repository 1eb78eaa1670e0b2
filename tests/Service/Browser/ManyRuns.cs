using System.Text.Json.Nodes;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Browser;

/// <summary>A folder with as many completed runs as somebody has after a year, made of one that was trained.</summary>
internal static class ManyRuns
{
    /// <summary>Writes them.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="runs">How many.</param>
    /// <param name="longOnes">How many of them have metrics.</param>
    /// <param name="rows">How many rows those have.</param>
    /// <returns>The ids of those with metrics.</returns>
    public static string[] Write(Folder folder, int runs, int longOnes, int rows)
    {
        using GrokkingProcess trained = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--data", "model");
        string model = Directory.GetDirectories(folder.File("model", "runs")).Single();
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(model, "run.json")))!;
        var ids = new List<string>();
        for (int run = 0; run < runs; run++)
        {
            string id = $"synthetic-{run % 50:D2}-{run:x10}";
            string directory = folder.File("data", "runs", id);
            Directory.CreateDirectory(directory);
            record["run"] = id;
            record["experiment"] = $"synthetic/{run % 50:D2}";
            record["seed"] = run / 50;
            record["configuration"]!["seed"] = run / 50;
            record["configuration"]!["optimiser"]!["weightDecay"] = run % 50;
            record["created"] = DateTimeOffset.UnixEpoch.AddYears(50).AddMinutes(run).ToString("O");
            File.WriteAllText(Path.Combine(directory, "run.json"), record.ToJsonString());
            if (run >= longOnes)
                continue;
            ids.Add(id);
            WriteMetrics(Path.Combine(directory, "metrics.parquet"), id, rows, run);
        }

        return [.. ids];
    }

    /// <summary>What a request costs.</summary>
    /// <param name="times">Seconds, in any order.</param>
    /// <returns>The one below which 95 of 100 are.</returns>
    public static double Percentile95(IEnumerable<double> times) => times.Order().ToArray() is var sorted ? sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1] : 0;

    /// <summary>Writes curves with noise, as the packing of real ones would be.</summary>
    public static void WriteMetrics(string path, string id, int rows, int seed)
    {
        var random = new Random(seed);
        double[] Curve(double middle, double noise) => [.. Enumerable.Range(0, rows).Select(row => 1 / (1 + Math.Exp((middle - (double)row / rows) * 20)) + noise * random.NextDouble())];
        TableFile.Write(
            Disk.Real,
            path,
            [
                TableColumn.Text("run_id", [.. Enumerable.Repeat(id, rows)]),
                TableColumn.Int64("step", [.. Enumerable.Range(0, rows).Select(row => (long)row)]),
                TableColumn.Timestamp("time", [.. Enumerable.Range(0, rows).Select(row => DateTimeOffset.UnixEpoch.AddSeconds(row))]),
                TableColumn.Double("elapsed_seconds", [.. Enumerable.Range(0, rows).Select(row => row * 0.01)]),
                TableColumn.Double("train_loss", Curve(0.2, 1e-3)),
                TableColumn.Double("train_accuracy", Curve(0.2, 1e-3)),
                TableColumn.Double("test_loss", Curve(0.7, 1e-3)),
                TableColumn.Double("test_accuracy", Curve(0.7, 1e-3)),
                TableColumn.Double("learning_rate", [.. Enumerable.Repeat(0.05, rows)]),
                TableColumn.Double("weight_norm_w1", Curve(0.5, 1e-2)),
                TableColumn.Double("weight_norm_w2", Curve(0.5, 1e-2)),
            ],
            [],
            sortedBy: "step");
    }
}
