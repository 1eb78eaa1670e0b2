using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Grokking.Service.Training;

namespace Grokking.Service.Control;

/// <summary>What is wished of a run becomes of it, or is refused with a reason.</summary>
public sealed class RunControlTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly RunCatalogue runs;
    private readonly RunControl control;

    public RunControlTests()
    {
        runs = new RunCatalogue(folder.Path);
        control = new RunControl(runs, TimeProvider.System);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Submitting_twice_is_harmless()
    {
        Experiment experiment = Tiny(seed: 1);
        Granted first = control.Submit(experiment, priority: 3).OrThrow();
        Granted second = control.Submit(experiment).OrThrow();
        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.Equal(first.Entry.Record.Run, second.Entry.Record.Run);
        Assert.Equal(3, second.Entry.Record.Priority);
        Assert.Single(runs.List());
    }

    [Fact]
    public void Two_hundred_submissions_at_once_make_one_run()
    {
        Experiment experiment = Tiny(seed: 1);
        Granted[] all = [.. Enumerable.Range(0, 200).AsParallel().WithDegreeOfParallelism(16).Select(_ => control.Submit(experiment).OrThrow())];
        Assert.Single(all, granted => granted.IsNew);
        Assert.Single(all.Select(granted => granted.Entry.Record.Run).Distinct());
        Assert.Single(runs.List());
        Assert.Equal(["run.json"], Directory.GetFiles(all[0].Entry.Directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Runs_wait_by_priority_and_then_by_their_time()
    {
        RunEntry[] submitted = [.. Enumerable.Range(0, 4).Select(seed => control.Submit(Tiny(seed), priority: seed == 2 ? 1 : 0).OrThrow().Entry)];
        control.Prioritise(submitted[3], 7).OrThrow();
        control.Pause(submitted[1]).OrThrow();
        Assert.Equal([3, 2, 0], RunQueue.Waiting(runs.List()).Select(entry => (int)entry.Record.Seed));
    }

    [Fact]
    public void A_waiting_run_rests_waits_again_and_is_given_up()
    {
        RunEntry entry = control.Submit(Tiny(seed: 1)).OrThrow().Entry;
        Assert.Equal(RunStatus.Paused, Now(control.Pause(entry)));
        Assert.False(control.Pause(Read(entry)).OrThrow().IsNew);
        Assert.Equal(RunStatus.Queued, Now(control.Resume(Read(entry))));
        Assert.Equal(RunStatus.Cancelled, Now(control.Cancel(Read(entry))));
        Assert.Contains("is cancelled and cannot be resumed; nothing more", Refusal(control.Resume(Read(entry))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_picture_of_a_run_does_not_matter()
    {
        RunEntry queued = control.Submit(Tiny(seed: 1)).OrThrow().Entry;
        Train(queued);
        Assert.Contains("is completed and cannot be cancelled", Refusal(control.Cancel(queued)), StringComparison.Ordinal);
        Assert.Equal(RunStatus.Completed, Read(queued).Record.Status);
    }

    [Fact]
    public void A_clone_is_a_run_of_its_own_with_the_changes_only()
    {
        RunEntry entry = control.Submit(Tiny(seed: 1)).OrThrow().Entry;
        RunEntry clone = control.Clone(entry, [Change.Parse("optimiser.learningRate=3").OrThrow()], 0).OrThrow().Entry;
        Assert.NotEqual(entry.Record.Run, clone.Record.Run);
        Assert.Equal(3, clone.Record.Configuration.GetProperty("optimiser").GetProperty("learningRate").GetDouble());
        Assert.Equal(entry.Record.Configuration.GetProperty("task").GetRawText(), clone.Record.Configuration.GetProperty("task").GetRawText());
        Assert.False(control.Clone(entry, [], 0).OrThrow().IsNew);
        Assert.Contains("optimiser.learningRate", Refusal(control.Clone(entry, [Change.Parse("optimiser.learningRate=-1").OrThrow()], 0)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-5L)]
    [InlineData(999_999_999L)]
    public void More_steps_than_can_be_counted_are_refused(long steps)
    {
        RunEntry entry = control.Submit(Tiny(seed: 1)).OrThrow().Entry;
        Train(entry);
        Assert.Contains("it can by 1 to 999999979", Refusal(control.Extend(Read(entry), steps)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_cannot_be_trained_says_so_and_does_not_wait_any_longer()
    {
        RunEntry entry = control.Submit(Tiny(seed: 1)).OrThrow().Entry;
        control.Refuse(entry, "It is too large.").OrThrow();
        RunRecord failed = Read(entry).Record;
        Assert.Equal((RunStatus.Failed, "It is too large."), (failed.Status, failed.Failure));
        Assert.Empty(RunQueue.Waiting(runs.List()));
        Assert.Equal((RunStatus.Queued, null), (Now(control.Resume(Read(entry))), Read(entry).Record.Failure));
    }

    /// <summary>Extended by n, a run ends where a run with n more steps from the beginning ends, bit for bit.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_extended_run_equals_one_that_had_the_steps_from_the_beginning(bool twice)
    {
        var whole = new RunDirectory(folder.File("whole"));
        InterruptionTests.Sit(Tiny(seed: 5, steps: twice ? 60 : 40), whole, 1, null);
        RunEntry entry = control.Submit(Tiny(seed: 5, steps: 20)).OrThrow().Entry;
        Train(entry);

        for (int i = 0; i < (twice ? 2 : 1); i++)
        {
            Assert.Equal(RunStatus.Queued, Now(control.Extend(Read(entry), 20)));
            Train(entry);
        }

        RunFiles.AssertAlike(whole, entry.Directory);
        Assert.Equal((RunStatus.Completed, twice ? 60 : 40, twice ? 2 : 1), (Read(entry).Record.Status, Read(entry).Record.Step, Read(entry).Record.Resumes));
    }

    [Fact]
    public void A_run_that_had_reached_its_target_goes_on_when_it_is_extended()
    {
        Experiment experiment = Tiny(seed: 1) with { Budget = new(2000, 0.01) };
        RunEntry entry = control.Submit(experiment).OrThrow().Entry;
        Train(entry);
        RunRecord reached = Read(entry).Record;
        Assert.Equal("target", reached.StopReason);
        control.Extend(Read(entry), 7).OrThrow();
        Train(entry);
        Assert.Equal((reached.Step + 7, "budget"), (Read(entry).Record.Step, Read(entry).Record.StopReason));
    }

    internal static Experiment Tiny(int seed, int steps = 20) => ConfigurationText.Read($$"""
        { "name": "tiny", "task": { "operation": "x + y", "modulus": 5 }, "split": { "trainFraction": 0.5 }, "network": { "kind": "quadratic", "width": 4 },
          "optimiser": { "kind": "adamW", "learningRate": 0.01, "weightDecay": 0.1, "betas": [0.9, 0.98], "epsilon": 1e-8 }, "budget": { "steps": {{steps}} }, "evaluation": { "every": 5 }, "checkpoint": { "everySteps": 10 }, "seed": {{seed}} }
        """).Experiment!;

    private static RunEntry Read(RunEntry entry) => RunCatalogue.Open(entry.Directory).OrThrow();

    private static RunStatus Now(Result<Granted> granted)
    {
        RunEntry entry = granted.OrThrow().Entry;
        Assert.Equal(entry.Record.Status, Read(entry).Record.Status);
        return entry.Record.Status;
    }

    private static string Refusal(Result<Granted> granted) => Assert.IsType<Result<Granted>.Failure>(granted).Reason;

    private static void Train(RunEntry entry) =>
        InterruptionTests.Sit(ConfigurationText.Read(System.Text.Json.JsonSerializer.Serialize(entry.Record.Configuration)).Experiment!, entry.Directory, 1, null);
}
