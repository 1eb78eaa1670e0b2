using System.Collections.Concurrent;
using Grokking.Host.Training;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>What the service knows about its worker and the runs that it trains: told by them, read by the health probes and by whoever asks for progress.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
/// <param name="alerts">What is worth telling somebody about.</param>
/// <param name="instruments">What is counted.</param>
internal sealed class WorkerHealth(TimeProvider time, ILogger<WorkerHealth> logger, Alerts alerts, Instruments instruments)
{
    // A worker that has been silent for so long has died without a word; starting the service again is all that can help.
    private static readonly TimeSpan Death = TimeSpan.FromMinutes(1);

    // Long enough for whoever looks at the probes now and then.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, RunListener> listeners = new(StringComparer.Ordinal);
    private long lastSign = time.GetTimestamp();
    private volatile string? fault;
    private volatile Trouble? trouble;

    /// <summary>Where a run stands that is trained here; null where it is not.</summary>
    public RunProgress? ProgressOf(string run) => listeners.GetValueOrDefault(run)?.Progress;

    /// <summary>Where the runs stand that are trained here.</summary>
    public IReadOnlyList<RunProgress> Progress => [.. listeners.Values.Select(each => each.Progress).OfType<RunProgress>().OrderBy(each => each.Run, StringComparer.Ordinal)];

    /// <summary>How many runs are trained.</summary>
    public int Training => listeners.Count;

    /// <summary>Why the worker no longer works; null while it does.</summary>
    public string? Fault => fault ?? (Silence is var silence && silence > Death ? Silent(silence) : null);

    /// <summary>What stands still, the worker or a run; null where all go on.</summary>
    public string? Stall => fault ?? (Silence is var silence && silence > RunListener.LongestSilence ? Silent(silence) : First(each => each.Stall));

    /// <summary>What keeps the worker or a run from its work; null where nothing does.</summary>
    public string? Objection => Stall ?? First(each => each.Objection)
        ?? (trouble is { } recent && time.GetElapsedTime(recent.Since) < Memory ? recent.Reason : null);

    private TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref lastSign));

    /// <summary>The worker looked at the queue.</summary>
    public void Tick()
    {
        Interlocked.Exchange(ref lastSign, time.GetTimestamp());
        instruments.Training = Training;
        instruments.MetricsLag = listeners.Values.Select(each => each.Progress?.MetricsLag ?? 0).DefaultIfEmpty(0).Max();
        foreach (RunListener listener in listeners.Values)
            listener.Watch();
    }

    /// <summary>The worker has ended in a way that was not meant.</summary>
    public void Died(string reason) => fault = reason;

    /// <summary>A run could not write its files. That is remembered for a while, or until some run has.</summary>
    public void Troubled(string reason) => trouble = new(reason, time.GetTimestamp());

    /// <summary>Files were written.</summary>
    public void Relieved() => trouble = null;

    /// <summary>Begins to listen to a run.</summary>
    public IRunObserver Listen(string run) => listeners[run] = new RunListener(run, time, logger, alerts, instruments, this);

    /// <summary>The run is no longer trained here.</summary>
    public void Forget(string run) => listeners.TryRemove(run, out _);

    private string? First(Func<RunListener, string?> objection) => listeners.Values.Select(objection).FirstOrDefault(each => each is not null);

    private static string Silent(TimeSpan silence) =>
        FormattableString.Invariant($"The worker has not looked at its queue for {silence.TotalSeconds:0} seconds; {RunListener.LongestSilence.TotalSeconds:0} are allowed.");

    private sealed record Trouble(string Reason, long Since);
}
