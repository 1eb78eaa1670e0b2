using System.Collections.Immutable;
using System.Text.Json;
using Grokking.Host.Benchmarks;
using Grokking.Service.CommandLine;
using Grokking.Training;

namespace Grokking.Service.Benchmarks;

/// <summary><c>bench</c> prints what it promises. How fast anything is, no test says.</summary>
public class BenchTests
{
    private static readonly string[] Promised =
    [
        "version", "commit", "runtime", "operating_system", "architecture", "processors", "threads", "numerics_profile",
        "peak_gflops", "burst_gflops", "memory_gigabytes_per_second", "workloads",
    ];

    private static readonly string[] PromisedOfAWorkload =
    [
        "name", "operation", "modulus", "network", "batch", "evaluates", "mflop_per_step", "steps_per_second", "gflops", "share_of_peak", "compile_milliseconds",
        "first_steps_per_second", "allocated_bytes_per_step", "allocated_bytes_per_epoch", "resident_mebibytes", "steps", "after_first_steps",
    ];

    [Fact]
    public void It_reports_the_machine_and_every_workload()
    {
        ImmutableArray<Workload> small = [.. Workloads.Quadratic.Select(Small), Small(Workloads.Networks[^1])];
        BenchResult result = new Bench(new(Threads: 2, Seconds: 0.01, WithArithmetic: true, WithMemory: true), _ => { }).Measure(small);
        JsonElement json = JsonDocument.Parse(BenchReport.Json(result)).RootElement;

        Assert.Equal(Promised, json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(2 * ArithmeticPeak.Available.Length, json.GetProperty("peak_gflops").GetArrayLength());
        Assert.Equal(
            [("read", 1), ("triad", 1), ("read", 2), ("triad", 2)],
            json.GetProperty("memory_gigabytes_per_second").EnumerateArray().Select(speed => (speed.GetProperty("access").GetString(), speed.GetProperty("threads").GetInt32())));
        Assert.Equal(["w1", "w1-evaluation", "w1b-evaluation", "perceptron-2"], json.GetProperty("workloads").EnumerateArray().Select(workload => workload.GetProperty("name").GetString()));
        foreach (JsonElement workload in json.GetProperty("workloads").EnumerateArray())
        {
            Assert.Equal(PromisedOfAWorkload, workload.EnumerateObject().Select(member => member.Name));
            foreach (string measured in new[] { "steps_per_second", "gflops", "share_of_peak" })
            {
                JsonElement spread = workload.GetProperty(measured);
                Assert.Equal(3, spread.GetProperty("count").GetInt32());
                Assert.InRange(spread.GetProperty("median").GetDouble(), spread.GetProperty("least").GetDouble(), spread.GetProperty("largest").GetDouble());
            }

            Assert.True(workload.GetProperty("steps").GetInt64() > workload.GetProperty("after_first_steps").GetProperty("steps").GetInt64());
        }
    }

    [Fact]
    public void The_flagship_step_allocates_nothing()
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "bench", "--only", "w1", "--seconds", "0.01", "--threads", "2", "--json");

        Assert.Equal(0, process.ExitCode);
        Assert.Single(process.Output.TrimEnd().Split('\n'));
        JsonElement workload = Assert.Single(process.Json.GetProperty("workloads").EnumerateArray());
        Assert.Equal("w1", workload.GetProperty("name").GetString());
        Assert.Equal(0, workload.GetProperty("allocated_bytes_per_step").GetDouble());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("transformer-p41-b64")]
    [InlineData("lstm-2")]
    [InlineData("perceptron-1")]
    public void A_step_on_a_batch_allocates_nothing_but_the_order_of_a_new_epoch(string name)
    {
        // In a process of its own: what other tests allocate meanwhile would be counted.
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "bench", "--only", name, "--seconds", "0.01", "--threads", "2", "--json");

        Assert.Equal(0, process.ExitCode);
        JsonElement workload = Assert.Single(process.Json.GetProperty("workloads").EnumerateArray());
        Assert.Equal(0, workload.GetProperty("allocated_bytes_per_step").GetDouble());
        Assert.True(workload.GetProperty("allocated_bytes_per_epoch").GetDouble() >= sizeof(int) * 840);
    }

    [Fact]
    public void The_peak_alone_is_a_table_or_one_line()
    {
        using var folder = new Folder();
        using GrokkingProcess table = GrokkingProcess.Run(folder.Path, "bench", "--only", "peak", "--seconds", "0.01");
        using GrokkingProcess line = GrokkingProcess.Run(folder.Path, "bench", "--only", "peak", "--seconds", "0.01", "--json");

        Assert.Equal((0, 0), (table.ExitCode, line.ExitCode));
        Assert.Contains("GFLOP/s", table.Output, StringComparison.Ordinal);
        Assert.Single(line.Output.TrimEnd().Split('\n'));
        Assert.Equal(0, line.Json.GetProperty("workloads").GetArrayLength());
    }

    private static Workload Small(Workload workload)
    {
        Recipe recipe = workload.Recipe;
        recipe = recipe with { Optimiser = recipe.Optimiser with { LearningRate = 0.01 }, BatchSize = recipe.BatchSize is null ? null : 9 };
        return (workload with { Recipe = recipe }).Resized(modulus: 7, width: 20);
    }
}
