using Grokking.Host.Runs;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Training;

/// <summary>What the service knows about its worker: told by the worker, read by the health probes.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
internal sealed class WorkerHealth(TimeProvider time, ILogger<WorkerHealth> logger) : IRunObserver
{
    // Progress is reported about ten times a second; a step so slow that it is not is allowed three times its usual length.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);
    private const double Tolerance = 3;

    private long lastSign = time.GetTimestamp();
    private volatile RunProgress? progress;
    private volatile string? fault;

    /// <summary>Where training stands; null while nothing is trained.</summary>
    public RunProgress? Progress => progress;

    /// <summary>Why the worker no longer works; null while it does.</summary>
    public string? Fault => fault;

    /// <summary>What is wrong with the worker's progress; null where nothing is.</summary>
    public string? Objection
    {
        get
        {
            if (fault is { } dead)
                return dead;
            TimeSpan silence = time.GetElapsedTime(Interlocked.Read(ref lastSign));
            double stepSeconds = progress is { StepsPerSecond: > 0 } known ? 1 / known.StepsPerSecond : 0;
            double allowed = Math.Max(LongestSilence.TotalSeconds, Tolerance * stepSeconds);
            return silence.TotalSeconds > allowed
                ? FormattableString.Invariant($"The worker has shown no progress for {silence.TotalSeconds:0} seconds; {allowed:0} are allowed.")
                : null;
        }
    }

    /// <summary>The worker looked at the queue.</summary>
    public void Tick() => Interlocked.Exchange(ref lastSign, time.GetTimestamp());

    /// <summary>The worker has ended in a way that was not meant.</summary>
    public void Died(string reason) => fault = reason;

    /// <inheritdoc/>
    public void Started(RunDirectory directory, long step)
    {
        Tick();
        logger.LogInformation("Training from step {Step} in {Directory}", step, directory.Path);
    }

    /// <inheritdoc/>
    public void Progressed(RunProgress progress)
    {
        Tick();
        this.progress = progress;
    }

    /// <inheritdoc/>
    public void Warned(string sentence) => logger.LogWarning("{Warning}", sentence);

    /// <inheritdoc/>
    public void Ended(RunRecord record)
    {
        Tick();
        progress = null;
        logger.LogInformation("The run {Run} is {Status} at step {Step}", record.Run, record.Status.ToString(), record.Step);
    }
}
