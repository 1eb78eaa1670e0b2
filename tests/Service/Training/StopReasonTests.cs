using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Measures;
using Grokking.Training;

namespace Grokking.Service.Training;

/// <summary>Training ends for a reason that is a value.</summary>
public class StopReasonTests
{
    private static readonly Budget Open = new(1000, null);

    [Fact]
    public void The_target_ends_training_at_the_fifth_evaluation_in_a_row_that_reaches_it()
    {
        var budget = new Budget(1000, 0.9);
        Course course = Course.Begin(budget, new SpikeDetector(1e-6));
        double[] accuracies = [0.1, 0.95, 0.5, 0.91, 0.92, 0.93, 0.9, 0.95];
        for (int i = 0; i < accuracies.Length; i++)
        {
            Assert.Null(course.End(i, budget));
            course = course.Observe(i, new Evaluation(1, 1, 1, accuracies[i], []));
        }

        Assert.Equal(new StopReason.TargetReached(7), course.End(7, budget));
    }

    [Theory]
    [InlineData(double.NaN, 0.1)]
    [InlineData(0.1, double.PositiveInfinity)]
    [InlineData(101, 0.1)]
    [InlineData(0.1, 101)]
    public void A_loss_that_is_not_finite_or_a_thousand_times_the_first_is_divergence(double train, double test)
    {
        Course course = Course.Begin(Open, new SpikeDetector(1e-6)).Observe(0, new Evaluation(0.1, 0, 0.1, 0, [])).Observe(10, new Evaluation(train, 0, test, 0, []));

        Assert.Equal(new StopReason.Diverged(10), course.End(10, Open));
    }

    [Fact]
    public void A_run_that_diverges_is_completed_with_all_of_its_files_and_says_so()
    {
        using var folder = new Folder();
        Experiment experiment = ConfigurationText.Read("""
            { "name": "diverging", "task": { "operation": "x1 + x2 + x3", "modulus": 5 }, "split": { "trainFraction": 0.5 }, "network": { "kind": "quadratic", "width": 4 },
              "optimiser": { "kind": "gradientDescent", "learningRate": 1e9 }, "budget": { "steps": 500 }, "evaluation": { "every": 1 } }
            """).Experiment!;
        var directory = new RunDirectory(folder.File("run"));

        RunRecord record = new Sitting(experiment, directory, 1, TimeProvider.System, new Silence(_ => { })).Run(CancellationToken.None).OrThrow();

        Assert.Equal((RunStatus.Completed, "diverged"), (record.Status, record.StopReason));
        Assert.InRange(record.Step, 1, 499);
        Assert.Equal(record.Step, RunFiles.Steps(directory)[^1]);
        Assert.True(File.Exists(directory.Checkpoint(record.Step)));
        Assert.True(File.Exists(directory.Summary));
    }
}
