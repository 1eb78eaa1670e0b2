using Grokking.Host.Configuration;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Measures;
using Grokking.Training;

namespace Grokking.Service.Training;

/// <summary>Explanations of grokking are columns of a run's metrics, and what went wrong on the way is in its tables.</summary>
public class ExplanationRunTests
{
    [Fact]
    public void Explanations_are_columns_that_have_a_number_at_every_evaluated_step()
    {
        using var folder = new Folder();
        var directory = new RunDirectory(folder.File("run"));
        InterruptionTests.Sit(Read("x + y", """["linearMappingNumber", "kernelAlignment", "weightMovement", "circuit", "restrictedLoss"]""").Experiment!, directory, 2, null);

        string[] names =
        [
            "linear_mapping_number", "kernel_alignment_sum", "kernel_movement_sum", "kernel_alignment_full", "kernel_movement_full", "weight_movement",
            "circuit_parameter_norm", "circuit_train_logit", "circuit_test_logit", "circuit_trigonometric_share", "circuit_generalising_logit", "circuit_memorising_logit",
            "key_frequencies", "restricted_loss", "restricted_train_loss", "restricted_test_loss", "excluded_train_loss", "excluded_strongest_train_loss",
        ];
        foreach (string name in names)
            Assert.All(RunFiles.Column(directory, name), value => Assert.True(double.IsFinite(value), name));
        double[] movement = RunFiles.Column(directory, "weight_movement");
        Assert.Equal(0, movement[0]);
        Assert.All(movement[1..], value => Assert.True(value > 0));
        Assert.Equal(RunFiles.Column(directory, "circuit_train_logit"), Sums(directory, "circuit_generalising_logit", "circuit_memorising_logit"), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void What_means_nothing_for_a_task_is_refused_in_a_sentence()
    {
        ConfigurationError error = Assert.Single(Read("x * y", """["circuit", "weightMovement"]""").Errors);
        Assert.Equal("measures", error.Path);
        Assert.Contains("it is defined for the sum of two operands", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("weightMovement", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(Read("x + y", """["circuit"]""").Experiment);
    }

    [Fact]
    public void Spikes_and_a_collapse_are_found_along_a_course_and_written()
    {
        Experiment experiment = Read("x + y", "[]").Experiment!;
        Course course = Course.Begin(experiment.Budget, SpikeDetector.For(new Loss.CrossEntropy(), 5));
        foreach (int step in Enumerable.Range(0, 80))
        {
            bool high = step is >= 60 and < 67;
            course = course.Observe(step, new Evaluation(high ? 1 : 0.01, high ? 0.2 : 1, high ? 2 : 0.1, high ? 0.1 : 1, []));
        }

        Disturbances seen = Disturbances.Of(course.Spikes!, course.Milestones, course.Collapse);
        Assert.Equal(new Disturbances(1, 1, 1, 1, 60, 67), seen);

        using var folder = new Folder();
        var directory = new RunDirectory(folder.File("run"));
        Directory.CreateDirectory(directory.Path);
        new RunTables(directory, "run", experiment).WriteSpikes(course.Spikes!.Spikes, course.Milestones.Memorised.First);
        ParquetTable table = ParquetTable.Open(directory.Spikes);
        Assert.Equal([60, 60, 67], new[] { "start_step", "peak_step", "end_step" }.Select(name => Assert.Single(table.Longs(name))));
        Assert.Equal([100, 20, 0.2, 0.1], new[] { "peak_ratio", "test_ratio", "lowest_train_accuracy", "lowest_test_accuracy" }.Select(name => Math.Round(Assert.Single(table.Doubles(name))!.Value, 9)));
    }

    private static IEnumerable<double> Sums(RunDirectory directory, string one, string other) =>
        RunFiles.Column(directory, one).Zip(RunFiles.Column(directory, other), (a, b) => a + b);

    private static ExperimentReading Read(string operation, string measures) => ConfigurationText.Read($$"""
        { "name": "explained", "task": { "operation": "{{operation}}", "modulus": 5 }, "split": { "trainFraction": 0.5 }, "network": { "kind": "quadratic", "width": 6 },
          "optimiser": { "kind": "gradientDescent", "learningRate": 10 }, "budget": { "steps": 12 }, "evaluation": { "every": 5 }, "measures": {{measures}} }
        """);
}
