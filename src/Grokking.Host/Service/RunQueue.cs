using Grokking.Host.Runs;

namespace Grokking.Host.Service;

/// <summary>
/// The order in which runs are trained: by priority, then by the time of their submission. A run of the queue that was interrupted, by a crash or by the end of a service,
/// waits again in its place.
/// </summary>
internal static class RunQueue
{
    /// <summary>The runs that wait, the next one first.</summary>
    public static IEnumerable<RunEntry> Waiting(IEnumerable<RunEntry> runs) => runs
        .Where(entry => entry.Record is { Status: RunStatus.Queued } or { Status: RunStatus.Interrupted, Submitted: not null })
        .OrderByDescending(entry => entry.Record.Priority)
        .ThenBy(entry => entry.Record.Submitted ?? entry.Record.Created)
        .ThenBy(entry => entry.Record.Run, StringComparer.Ordinal);
}
