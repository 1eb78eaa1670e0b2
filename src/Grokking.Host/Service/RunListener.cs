using Grokking.Host.Runs;
using Grokking.Host.Training;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>Listens to a run that the service trains.</summary>
/// <param name="run">The run's id.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
internal sealed class RunListener(string run, TimeProvider time, ILogger logger) : IRunObserver
{
    // Progress is reported about ten times a second; a step so slow that it is not is allowed three times its usual length.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);
    private const double Tolerance = 3;

    private long lastSign = time.GetTimestamp();
    private volatile RunProgress? progress;

    /// <summary>Where it stands; null before its first steps.</summary>
    public RunProgress? Progress => progress;

    /// <summary>What is wrong with its progress; null where nothing is.</summary>
    public string? Objection
    {
        get
        {
            double silence = time.GetElapsedTime(Interlocked.Read(ref lastSign)).TotalSeconds;
            double stepSeconds = progress is { StepsPerSecond: > 0 } known ? 1 / known.StepsPerSecond : 0;
            double allowed = Math.Max(LongestSilence.TotalSeconds, Tolerance * stepSeconds);
            return silence > allowed
                ? FormattableString.Invariant($"The run {run} has shown no progress for {silence:0} seconds; {allowed:0} are allowed.")
                : null;
        }
    }

    /// <inheritdoc/>
    public void Started(RunDirectory directory, long step)
    {
        Tick();
        logger.LogInformation("Training {Run} from step {Step} in {Directory}", run, step, directory.Path);
    }

    /// <inheritdoc/>
    public void Progressed(RunProgress now)
    {
        Tick();
        progress = now;
    }

    /// <inheritdoc/>
    public void Warned(string sentence) => logger.LogWarning("{Run}: {Warning}", run, sentence);

    /// <inheritdoc/>
    public void Ended(RunRecord record)
    {
        Tick();
        string reason = record.Failure ?? record.StopReason ?? "not at its end";
        logger.LogInformation("The run {Run} is {Status} at step {Step} ({Reason})", run, record.Status.Name(), record.Step, reason);
    }

    private void Tick() => Interlocked.Exchange(ref lastSign, time.GetTimestamp());
}
