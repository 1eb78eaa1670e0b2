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
/// <param name="health">Is told where files cannot be written.</param>
internal sealed class RunListener(string run, TimeProvider time, ILogger logger, Alerts alerts, Instruments instruments, WorkerHealth health) : IRunObserver
{
    /// <summary>How long whatever is at work may be silent: whoever asks ten seconds after it stopped is told.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(8);

    // Progress is reported about ten times a second; where steps, evaluations or files take longer, three times as long as the longest so far is allowed.
    private const double Tolerance = 3;

    // A machine that was suspended looks like one long step: no silence teaches more than that it may be twice as long as was allowed.
    private const double Lesson = 2;

    private long lastSign = time.GetTimestamp();
    private double longestGap;
    private volatile RunProgress? progress;
    private bool isFromBeginning;
    private bool wasStuck;

    /// <summary>Where it stands; null before its first steps.</summary>
    public RunProgress? Progress => progress;

    /// <summary>Whether it stands still, in a sentence; null where it goes on.</summary>
    public string? Stall => Silence is var silence && silence > AllowedSilence
        ? FormattableString.Invariant($"The run {run} has shown no progress for {silence:0} seconds; {AllowedSilence:0} are allowed.")
        : null;

    /// <summary>What is wrong with its files although it goes on; null where nothing is.</summary>
    public string? Objection => progress switch
    {
        { MetricsLag: var lag } when lag > LongestSilence.TotalSeconds =>
            FormattableString.Invariant($"The metrics of the run {run} have not reached the disk for {lag:0} seconds; {LongestSilence.TotalSeconds:0} are allowed."),
        { CheckpointEvery: { } every, CheckpointAge: var age } when age > Math.Max(LongestSilence.TotalSeconds, Tolerance * every) =>
            FormattableString.Invariant($"The last checkpoint of the run {run} is {age:0} seconds old; there is to be one every {every:0.###} seconds."),
        _ => null,
    };

    private double Silence => time.GetElapsedTime(Interlocked.Read(ref lastSign)).TotalSeconds;

    private double AllowedSilence => Math.Max(LongestSilence.TotalSeconds, Tolerance * Volatile.Read(ref longestGap));

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
        // Whoever went on from the last checkpoint takes some steps again.
        instruments.Stepped(Math.Max(0, now.Step - before.Step), now.StepsPerSecond);
        progress = now;
    }

    /// <summary>Says once, until it goes on, that it shows no progress.</summary>
    public void Watch()
    {
        string? objection = Stall;
        if (objection is not null && !wasStuck)
            alerts.Raise(AlertKind.Stuck, run, $"is stuck: {objection}");
        wasStuck = objection is not null;
    }

    /// <inheritdoc/>
    public void Saved(TimeSpan took)
    {
        instruments.Saved(took);
        health.Relieved();
    }

    /// <inheritdoc/>
    public void Failed(Exception fault)
    {
        // Whatever else ends a run is that run's own matter; the disk is everybody's.
        if (fault is IOException or UnauthorizedAccessException)
            health.Troubled($"The run {run} could not write its files: {fault.Message}");
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

    private void Tick()
    {
        Volatile.Write(ref longestGap, Math.Max(longestGap, Math.Min(Silence, Lesson * AllowedSilence)));
        Interlocked.Exchange(ref lastSign, time.GetTimestamp());
    }
}
