using Grokking.Host.Configuration;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Service.Training;

/// <summary>A network trained as a (f(θ) − f(θ0)) in a run: what is recorded, and that it is the same however it was interrupted.</summary>
public class OutputScaleTests
{
    private const int Modulus = 7;
    private const double Rate = 20;

    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    [InlineData(4)]
    public void It_starts_at_zero_and_is_trained_at_the_rate_over_the_square(double scale)
    {
        using var folder = new Folder();
        var directory = new RunDirectory(folder.File("run"));
        InterruptionTests.Sit(Read(scale), directory, 1, null);

        // Zero outputs miss one of p labels by 1.
        Assert.Equal(1.0 / Modulus, RunFiles.Column(directory, "train_loss")[0], 1e-7);
        Assert.All(RunFiles.Column(directory, "learning_rate"), rate => Assert.Equal(Rate / (scale * scale), rate));
        ParquetTable summary = ParquetTable.Open(directory.Summary);
        Assert.Equal([scale, Rate], new[] { "output_scale", "learning_rate" }.Select(name => Assert.Single(summary.Doubles(name))!.Value));
    }

    [Fact]
    public void The_smaller_the_scale_the_farther_the_weights_go_and_the_kernel_is_that_of_the_inner_network()
    {
        using var folder = new Folder();
        double[] scales = [0.5, 2, 8];
        RunDirectory[] runs = [.. scales.Select(scale => new RunDirectory(folder.File($"{scale}")))];
        foreach ((double scale, RunDirectory run) in scales.Zip(runs))
            InterruptionTests.Sit(Read(scale), run, 1, null);
        double[] movements = [.. runs.Select(run => RunFiles.Column(run, "weight_movement")[^1])];

        Assert.True(movements[0] > movements[1] && movements[1] > movements[2], string.Join(", ", movements));
        Assert.Single(runs.Select(run => RunFiles.Column(run, "kernel_alignment_full")[0]).Distinct());
        Assert.All(runs, run => Assert.Equal(0, RunFiles.Column(run, "kernel_movement_sum")[0]));
    }

    [Fact]
    public void An_interrupted_run_subtracts_the_same_start()
    {
        using var folder = new Folder();
        (RunDirectory whole, RunDirectory pieces) = (new(folder.File("whole")), new(folder.File("pieces")));
        InterruptionTests.Sit(Read(2), whole, 1, null);

        Assert.Equal(RunStatus.Interrupted, InterruptionTests.Sit(Read(2), pieces, 2, interruptAt: 11));
        Assert.Equal(RunStatus.Completed, InterruptionTests.Sit(Read(2), pieces, 1, null));
        RunFiles.AssertAlike(whole, pieces);
    }

    [Fact]
    public void A_step_costs_a_third_more() => Assert.InRange(RunCost.Of(Read(2)).PerStep / RunCost.Of(Read(null)).PerStep, 1.3, 2);

    private static Experiment Read(double? scale) => ConfigurationText.Read(
        $$"""
        {
          "name": "scaled", "task": { "operation": "x + y", "modulus": {{Modulus}} }, "split": { "trainFraction": 0.6 }, "network": { "kind": "quadratic", "width": 12 },
          "optimiser": { "kind": "gradientDescent", "learningRate": {{Rate}} }, "budget": { "steps": 30 }, "evaluation": { "every": 5 }, "checkpoint": { "everySteps": 7 },
          "measures": ["norms", "ipr", "phases", "spectra", "linearMappingNumber", "kernelAlignment", "weightMovement", "circuit", "restrictedLoss"]
        }
        """,
        scale is { } a ? [new Change("outputScale", a.ToString(System.Globalization.CultureInfo.InvariantCulture))] : []).Experiment!;
}
