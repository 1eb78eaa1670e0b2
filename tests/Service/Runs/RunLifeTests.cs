using Grokking.Host.Runs;

namespace Grokking.Service.Runs;

/// <summary>What the life of a run allows.</summary>
public class RunLifeTests
{
    private static readonly RunStatus[] All = Enum.GetValues<RunStatus>();

    [Fact]
    public void Every_state_can_be_reached_and_only_a_cancelled_run_has_no_future()
    {
        var reached = new HashSet<RunStatus> { RunStatus.Queued };
        while (reached.Count < All.Length)
            Assert.True(RunLife.Transitions.Where(each => reached.Contains(each.Key.From)).Select(each => each.Value).ToList().Sum(next => reached.Add(next) ? 1 : 0) > 0);
        Assert.Equal([RunStatus.Cancelled], All.Where(status => RunLife.Transitions.Where(each => each.Key.From == status).All(each => each.Value == status)));
    }

    [Fact]
    public void Training_begins_from_rest_and_ends_there()
    {
        Assert.Equal(
            [RunStatus.Queued, RunStatus.Paused, RunStatus.Interrupted, RunStatus.Failed],
            All.Where(status => status.After(RunEvent.Begin).Succeeded));
        foreach (RunEvent end in new[] { RunEvent.Interrupt, RunEvent.Complete, RunEvent.Fail })
            Assert.Equal([RunStatus.Running, RunStatus.Pausing], All.Where(status => status.After(end).Succeeded));
        Assert.Equal([RunStatus.Pausing], All.Where(status => status.After(RunEvent.Rest).Succeeded));
    }

    [Fact]
    public void What_is_completed_can_only_be_extended_and_all_that_has_not_ended_can_be_cancelled()
    {
        Assert.Equal([RunEvent.Extend], Enum.GetValues<RunEvent>().Where(what => RunStatus.Completed.After(what).Succeeded));
        Assert.Equal([RunStatus.Completed], All.Where(status => !status.After(RunEvent.Cancel).Succeeded));
    }

    [Fact]
    public void A_wish_may_be_said_twice()
    {
        foreach (((RunStatus from, RunEvent wish), RunStatus next) in RunLife.Transitions.Where(each => each.Key.Event is RunEvent.Resume or RunEvent.Pause or RunEvent.Cancel))
            Assert.True(next.After(wish).OrThrow() == next, $"{from}, {wish}");
    }

    [Fact]
    public void A_wish_that_cannot_be_granted_says_what_can() => Assert.Equal(
        "is completed and cannot be paused; it can be extended",
        Assert.IsType<Result<RunStatus>.Failure>(RunStatus.Completed.After(RunEvent.Pause)).Reason);
}
