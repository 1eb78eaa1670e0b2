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

    private readonly ConcurrentDictionary<string, RunListener> listeners = new(StringComparer.Ordinal);
    private long lastSign = time.GetTimestamp();
    private volatile string? fault;

    /// <summary>Where a run stands that is trained here; null where it is not.</summary>
    public RunProgress? ProgressOf(string run) => listeners.GetValueOrDefault(run)?.Progress;

    /// <summary>Where the runs stand that are trained here.</summary>
    public IReadOnlyList<RunProgress> Progress => [.. listeners.Values.Select(each => each.Progress).OfType<RunProgress>().OrderBy(each => each.Run, StringComparer.Ordinal)];

    /// <summary>How many runs are trained.</summary>
    public int Training => listeners.Count;

    /// <summary>Why the worker no longer works; null while it does.</summary>
    public string? Fault => fault;

    /// <summary>What is wrong with the worker's progress; null where nothing is.</summary>
    public string? Objection
    {
        get
        {
            if (fault is { } dead)
                return dead;
            if (time.GetElapsedTime(Interlocked.Read(ref lastSign)).TotalSeconds is var silence && silence > RunListener.LongestSilence.TotalSeconds)
                return FormattableString.Invariant($"The worker has not looked at its queue for {silence:0} seconds; {RunListener.LongestSilence.TotalSeconds:0} are allowed.");
            return listeners.Values.Select(each => each.Objection).FirstOrDefault(objection => objection is not null);
        }
    }

    /// <summary>The worker looked at the queue.</summary>
    public void Tick()
    {
        Interlocked.Exchange(ref lastSign, time.GetTimestamp());
        instruments.Training = Training;
        foreach (RunListener listener in listeners.Values)
            listener.Watch();
    }

    /// <summary>The worker has ended in a way that was not meant.</summary>
    public void Died(string reason) => fault = reason;

    /// <summary>Begins to listen to a run.</summary>
    public IRunObserver Listen(string run) => listeners[run] = new RunListener(run, time, logger, alerts, instruments);

    /// <summary>The run is no longer trained here.</summary>
    public void Forget(string run) => listeners.TryRemove(run, out _);
}
