using Grokking.Host.Commands;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;
using Grokking.Host.Training;
using Grokking.Service.Metrics;

namespace Grokking.Service.Sweeps;

/// <summary>What a sweep is said to take, before it begins and while it runs.</summary>
public class SweepProgressTests
{
    [Fact]
    public void The_time_left_counts_operations_so_that_wide_networks_weigh_more_and_early_ends_shorten_it()
    {
        SweepPlan plan = SweepPlanner.Plan(SweepDefinition.Of("tiny", PlanTests.Tiny)
            .With([new("budget.steps", "100"), new("evaluation.every", "100")], [Axis.Parse("network.width=10,30").OrThrow()], [0])).OrThrow();
        (SweepPoint Point, PlannedRun Run, long Step)[] left = [.. plan.Runs.Select(pair => (pair.Point, pair.Run, 0L))];
        var clock = new ManualClock();
        var line = new SweepProgressLine(left, 3, new HashSet<string>(), Terminal.Process, clock);
        Assert.Equal("1/3 runs  0 running  0 steps/s  ETA at most –", line.Text());

        IRunObserver narrow = line.Listen(plan.Runs[0].Run.Run), wide = line.Listen(plan.Runs[1].Run.Run);
        narrow.Started(new RunDirectory("narrow"), 0);
        wide.Started(new RunDirectory("wide"), 0);
        clock.Advance(TimeSpan.FromSeconds(1));
        wide.Progressed(new(plan.Runs[1].Run.Run, 10, 100, 10, 0, 0));
        // A second for 10 of 100 steps three times as dear: what is left is worth 90 + 100 / 3 of these.
        Assert.Equal("1/3 runs  2 running  10 steps/s  ETA at most 0m 12s", line.Text());

        line.Ended(new RunEnd(plan.Runs[0].Run.Run, Record(RunStatus.Completed), null));
        Assert.Equal("2/3 runs  1 running  10 steps/s  ETA at most 0m 09s", line.Text());
        line.Ended(new RunEnd(plan.Runs[1].Run.Run, null, "the disk is full"));
        Assert.EndsWith("  1 failed", line.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_estimate_counts_what_is_left_and_leaves_nothing_behind()
    {
        SweepPlan plan = PlanTests.Plan(Axis.Parse("network.width=4:8:1").OrThrow());
        (SweepPoint Point, PlannedRun Run, long Step)[] left = [.. plan.Runs.Select(pair => (pair.Point, pair.Run, 5L))];

        Assert.Equal("10 runs, at most 150 steps.", Estimate.Of(left, new(), 2, measured: false, CancellationToken.None).Sentence);
        Estimate measured = Estimate.Of(left, new(), 2, measured: true, CancellationToken.None);
        Assert.InRange(measured.Seconds!.Value, 0.001, 60);
        Assert.StartsWith("10 runs, at most 150 steps: at most about ", measured.Sentence, StringComparison.Ordinal);
        Assert.Equal("0 runs, at most 0 steps.", Estimate.Of([], new(), 2, measured: true, CancellationToken.None).Sentence);
    }

    [Theory]
    [InlineData(0.2, "a second")]
    [InlineData(42, "42 seconds")]
    [InlineData(600, "10 minutes")]
    [InlineData(9000, "2.5 hours")]
    [InlineData(864000, "10.0 days")]
    public void A_time_is_said_in_words(double seconds, string words) => Assert.Equal(words, Estimate.Words(seconds));

    private static RunRecord Record(RunStatus status) => new()
    {
        Run = "run",
        Experiment = "tiny",
        Status = status,
        Step = 0,
        Budget = 100,
        Seed = 0,
        Resumes = 0,
        ElapsedSeconds = 0,
        Created = default,
        Updated = default,
        Configuration = default,
        Environment = RunEnvironment.Current("", 1),
    };
}
