using Grokking.Host.Runs;
using Grokking.Host.Training;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>Listens to a run that the service trains.</summary>
/// <param name="run">The run's id.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
/// <param name="alerts">What is worth telling somebody about.</param>
/// <param name="instruments">What is counted.</param>
internal sealed class RunListener(string run, TimeProvider time, ILogger logger, Alerts alerts, Instruments instruments) : IRunObserver
{
    /// <summary>How long whatever is at work may be silent.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    // Progress is reported about ten times a second; a step so slow that it is not is allowed three times its usual length.
    private const double Tolerance = 3;

    private long lastSign = time.GetTimestamp();
    private volatile RunProgress? progress;
    private bool isFromBeginning;
    private bool wasStuck;

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
        isFromBeginning = step == 0;
        logger.LogInformation("Training {Run} from step {Step} in {Directory}", run, step, directory.Path);
    }

    /// <inheritdoc/>
    public void Progressed(RunProgress now)
    {
        Tick();
        // What a run had reached when it was taken up was told when it was reached.
        RunProgress before = progress ?? (isFromBeginning ? now with { Step = 0, GrokkedStep = null, Collapses = 0, IsFinite = true } : now);
        if (now.GrokkedStep is { } step && before.GrokkedStep is null)
            alerts.Raise(AlertKind.Grokked, run, $"grokked at step {step}: 95 % of the test samples are right.");
        if (now.Collapses > before.Collapses)
            alerts.Raise(AlertKind.Collapsed, run, $"collapsed by step {now.Step}: what was grokked is lost.");
        if (!now.IsFinite && before.IsFinite)
            alerts.Raise(AlertKind.NotFinite, run, $"has a loss that is not finite at step {now.Step}.");
        instruments.Stepped(now.Step - before.Step, now.StepsPerSecond);
        progress = now;
    }

    /// <summary>Says once, until it goes on, that it shows no progress.</summary>
    public void Watch()
    {
        string? objection = Objection;
        if (objection is not null && !wasStuck)
            alerts.Raise(AlertKind.Stuck, run, $"is stuck: {objection}");
        wasStuck = objection is not null;
    }

    /// <inheritdoc/>
    public void Warned(string sentence) => logger.LogWarning("{Run}: {Warning}", run, sentence);

    /// <inheritdoc/>
    public void Ended(RunRecord record)
    {
        Tick();
        string reason = record.Failure ?? record.StopReason ?? "not at its end";
        logger.LogInformation("The run {Run} is {Status} at step {Step} ({Reason})", run, record.Status.Name(), record.Step, reason);
        instruments.Ended(record.Status.Name());
        if (record.Status == RunStatus.Completed)
            alerts.Raise(AlertKind.Finished, run, $"is completed at step {record.Step} ({reason}).");
        if (record.Status == RunStatus.Failed)
            alerts.Raise(AlertKind.Failed, run, $"failed at step {record.Step}: {reason}");
    }

    private void Tick() => Interlocked.Exchange(ref lastSign, time.GetTimestamp());
}
