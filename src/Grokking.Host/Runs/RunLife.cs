using System.Collections.Immutable;

namespace Grokking.Host.Runs;

/// <summary>What can happen to a run: what somebody wishes, and what its training comes to.</summary>
internal enum RunEvent
{
    /// <summary>Somebody wants it trained, or trained on.</summary>
    Resume,

    /// <summary>Somebody wants it to rest.</summary>
    Pause,

    /// <summary>Somebody gives it up for good.</summary>
    Cancel,

    /// <summary>Somebody wants more steps of it.</summary>
    Extend,

    /// <summary>A process takes it up.</summary>
    Begin,

    /// <summary>Its process has granted the pause.</summary>
    Rest,

    /// <summary>Its process stopped by nobody's wish: a signal, a crash, a lost lease.</summary>
    Interrupt,

    /// <summary>It reached its end.</summary>
    Complete,

    /// <summary>A fault ended it.</summary>
    Fail,
}

/// <summary>
/// The life of a run, whole: which events lead from which state to which. What is not here does not happen. An event that leads to the state itself changes nothing, so
/// that a wish may be said twice.
/// </summary>
internal static class RunLife
{
    /// <summary>The states to which an event leads, by the state before it.</summary>
    public static ImmutableDictionary<(RunStatus From, RunEvent Event), RunStatus> Transitions { get; } = Build(
        (RunStatus.Queued, [(RunEvent.Resume, RunStatus.Queued), (RunEvent.Begin, RunStatus.Running), (RunEvent.Pause, RunStatus.Paused), (RunEvent.Cancel, RunStatus.Cancelled)]),
        (RunStatus.Running,
        [
            (RunEvent.Resume, RunStatus.Running), (RunEvent.Pause, RunStatus.Pausing), (RunEvent.Cancel, RunStatus.Cancelled), (RunEvent.Interrupt, RunStatus.Interrupted),
            (RunEvent.Complete, RunStatus.Completed), (RunEvent.Fail, RunStatus.Failed),
        ]),
        (RunStatus.Pausing,
        [
            (RunEvent.Resume, RunStatus.Running), (RunEvent.Pause, RunStatus.Pausing), (RunEvent.Cancel, RunStatus.Cancelled), (RunEvent.Rest, RunStatus.Paused),
            (RunEvent.Interrupt, RunStatus.Interrupted), (RunEvent.Complete, RunStatus.Completed), (RunEvent.Fail, RunStatus.Failed),
        ]),
        (RunStatus.Paused, [(RunEvent.Resume, RunStatus.Queued), (RunEvent.Begin, RunStatus.Running), (RunEvent.Pause, RunStatus.Paused), (RunEvent.Cancel, RunStatus.Cancelled)]),
        (RunStatus.Interrupted, [(RunEvent.Resume, RunStatus.Queued), (RunEvent.Begin, RunStatus.Running), (RunEvent.Pause, RunStatus.Paused), (RunEvent.Cancel, RunStatus.Cancelled)]),
        (RunStatus.Failed, [(RunEvent.Resume, RunStatus.Queued), (RunEvent.Begin, RunStatus.Running), (RunEvent.Cancel, RunStatus.Cancelled)]),
        (RunStatus.Completed, [(RunEvent.Extend, RunStatus.Queued)]),
        (RunStatus.Cancelled, [(RunEvent.Cancel, RunStatus.Cancelled)]));

    /// <summary>The state after an event.</summary>
    /// <param name="status">The state before it.</param>
    /// <param name="what">The event.</param>
    /// <returns>The state, or the sentence that says why this cannot be.</returns>
    public static Result<RunStatus> After(this RunStatus status, RunEvent what) => Transitions.TryGetValue((status, what), out RunStatus next)
        ? Result.Success(next)
        : Result.Failure<RunStatus>($"is {Name(status)} and cannot be {Done(what)}; {Possible(status)}");

    /// <summary>The wishes that a run in a state can be granted.</summary>
    public static IEnumerable<RunEvent> Wishes(RunStatus status) =>
        new[] { RunEvent.Resume, RunEvent.Pause, RunEvent.Cancel, RunEvent.Extend }.Where(wish => Transitions.TryGetValue((status, wish), out RunStatus next) && next != status);

    /// <summary>The state as it is written.</summary>
    public static string Name(this RunStatus status) => status.ToString().ToLowerInvariant();

    private static string Possible(RunStatus status)
    {
        string[] possible = [.. Wishes(status).Select(Done)];
        return possible.Length == 0 ? "nothing more can be done with it" : $"it can be {string.Join(" or ", possible)}";
    }

    private static string Done(RunEvent what) => what switch
    {
        RunEvent.Resume => "resumed",
        RunEvent.Pause => "paused",
        RunEvent.Cancel => "cancelled",
        RunEvent.Extend => "extended",
        RunEvent.Begin => "begun",
        RunEvent.Rest => "paused",
        RunEvent.Interrupt => "interrupted",
        RunEvent.Complete => "completed",
        _ => "failed",
    };

    private static ImmutableDictionary<(RunStatus From, RunEvent Event), RunStatus> Build(params ReadOnlySpan<(RunStatus From, (RunEvent Event, RunStatus To)[] Next)> rows)
    {
        var all = ImmutableDictionary.CreateBuilder<(RunStatus From, RunEvent Event), RunStatus>();
        foreach ((RunStatus from, (RunEvent Event, RunStatus To)[] next) in rows)
        {
            foreach ((RunEvent what, RunStatus to) in next)
                all.Add((from, what), to);
        }

        return all.ToImmutable();
    }
}
