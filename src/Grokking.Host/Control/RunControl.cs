using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;

namespace Grokking.Host.Control;

/// <summary>What became of a wish.</summary>
/// <param name="Entry">The run as it stands now.</param>
/// <param name="IsNew">Whether the wish changed anything.</param>
/// <param name="Words">What became of it, as the second half of a sentence about the run.</param>
internal sealed record Granted(RunEntry Entry, bool IsNew, string Words)
{
    /// <summary>The whole sentence.</summary>
    public string Sentence => $"The run {Entry.Record.Run} {Words}.";
}

/// <summary>
/// What people and programs may wish of runs, from wherever: the command line, HTTP, files. Every change of a record is made under the run's lease; where somebody trains
/// the run, the wish is left as a file that its process looks for several times a second. Every wish may be said twice.
/// </summary>
/// <param name="runs">The runs.</param>
/// <param name="time">The clock.</param>
internal sealed class RunControl(RunCatalogue runs, TimeProvider time)
{
    /// <summary>Priorities go from minus this to this.</summary>
    public const int LargestPriority = 1000;

    // A run may change hands between a look and the act, but nobody who changes its record keeps it for long.
    private const int Attempts = 20;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(0.05);

    /// <summary>Puts an experiment into the queue; if it was trained or is there already, that run is the answer.</summary>
    public Result<Granted> Submit(Experiment experiment, int priority = 0)
    {
        string run = CanonicalForm.RunId(experiment);
        RunDirectory directory = runs.DirectoryOf(run);
        if (directory.Exists)
            return There(directory);
        DateTimeOffset now = time.GetUtcNow();
        var record = new RunRecord
        {
            Run = run,
            Experiment = experiment.Name,
            Status = RunStatus.Queued,
            Step = 0,
            Budget = experiment.Budget.Steps,
            Seed = experiment.Seed,
            Priority = priority,
            Submitted = now,
            Resumes = 0,
            ElapsedSeconds = 0,
            Created = now,
            Updated = now,
            Configuration = JsonDocument.Parse(CanonicalForm.Write(experiment)).RootElement,
            Environment = RunEnvironment.Current("", 0),
        };
        directory.Disk.MakeDirectory(directory.Path);
        try
        {
            record.Write(directory, overwrite: false);
        }
        catch (IOException) when (directory.Exists)
        {
            // Of all who submit it at once, one is the first.
            return There(directory);
        }

        return Result.Success(new Granted(new(directory, record), true, "is queued"));
    }

    /// <summary>Submits what a run was, with changes.</summary>
    public Result<Granted> Clone(RunEntry entry, IReadOnlyList<Change> changes, int priority)
    {
        ExperimentReading reading = ConfigurationText.Read(JsonSerializer.Serialize(entry.Record.Configuration), changes);
        return reading.Experiment is { } experiment
            ? Submit(experiment, priority)
            : Result.Failure<Granted>(string.Join(" ", reading.Errors.Select(error => error.Sentence)));
    }

    /// <summary>Has a run taken up again: by a service, from where it was left.</summary>
    public Result<Granted> Resume(RunEntry entry) => Wish(entry, RunEvent.Resume, record => record with { Submitted = time.GetUtcNow(), Failure = null });

    /// <summary>Has a run rest: with a checkpoint, resumable.</summary>
    public Result<Granted> Pause(RunEntry entry) => Wish(entry, RunEvent.Pause, record => record);

    /// <summary>Gives a run up for good; its files are kept.</summary>
    public Result<Granted> Cancel(RunEntry entry) => Wish(entry, RunEvent.Cancel, record => record);

    /// <summary>Gives a completed run more steps.</summary>
    public Result<Granted> Extend(RunEntry entry, long steps)
    {
        long most = Limits.Steps - entry.Record.Budget;
        if (steps < 1 || steps > most)
            return Result.Failure<Granted>($"The run {entry.Record.Run} cannot be extended by {steps} steps; it can by 1 to {most}.");
        if (entry.Record is { Status: RunStatus.Completed, StopReason: "diverged" })
            return Result.Failure<Granted>($"The run {entry.Record.Run} diverged at step {entry.Record.Step}; more steps lead nowhere.");
        return Wish(entry, RunEvent.Extend, record => record with { Submitted = time.GetUtcNow(), Budget = record.Step + steps, StopReason = null });
    }

    /// <summary>Has a waiting run trained before or after others.</summary>
    public Result<Granted> Prioritise(RunEntry entry, int priority) => priority is < -LargestPriority or > LargestPriority
        ? Result.Failure<Granted>($"The priority is {priority}; it must be from {-LargestPriority} to {LargestPriority}.")
        : Change(entry, (_, record) => Result.Success((record.Priority == priority, record with { Priority = priority })), $"has the priority {priority}");

    /// <summary>Says of a run that it cannot be trained as it is.</summary>
    public Result<Granted> Refuse(RunEntry entry, string reason) => Change(
        entry,
        (status, record) => After(record, status, RunEvent.Begin).Bind(begun => After(record, begun, RunEvent.Fail)).Map(failed => (false, record with { Status = failed, Failure = reason })),
        "has failed");

    private static Result<RunStatus> After(RunRecord record, RunStatus status, RunEvent what) =>
        status.After(what).Match(Result.Success, reason => Result.Failure<RunStatus>($"The run {record.Run} {reason}."));

    private static Result<Granted> There(RunDirectory directory) => RunCatalogue.Open(directory).Map(entry => new Granted(entry, false, $"is {entry.Record.Status.Name()} already"));

    private Result<Granted> Wish(RunEntry entry, RunEvent wish, Func<RunRecord, RunRecord> change)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            RunStatus status = entry.Record.Status;
            Result<RunStatus> after = After(entry.Record, status, wish);
            if (after is Result<RunStatus>.Failure { Reason: var reason })
                return Result.Failure<Granted>(reason);
            RunStatus next = after.OrThrow();
            if (next == status)
                return Result.Success(new Granted(entry, false, $"is {status.Name()} already"));
            if (status is RunStatus.Running or RunStatus.Pausing)
                return Result.Success(Ask(entry, wish));
            Result<Granted>? changed = TryChange(
                entry,
                (now, record) => After(record, now, wish).Map(then => (then == now, change(record) with { Status = then })),
                wish == RunEvent.Cancel ? "is cancelled" : next == RunStatus.Queued ? "is queued" : $"is {next.Name()}");
            if (changed is not null)
                return changed;
            Thread.Sleep(Between);
            entry = RunCatalogue.Open(entry.Directory).OrThrow();
        }

        return ChangesHands(entry);
    }

    private Result<Granted> Change(RunEntry entry, Func<RunStatus, RunRecord, Result<(bool IsSame, RunRecord Record)>> change, string words)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryChange(entry, change, words) is { } changed)
                return changed;
            Thread.Sleep(Between);
        }

        return ChangesHands(entry);
    }

    private static Result<Granted> ChangesHands(RunEntry entry) =>
        Result.Failure<Granted>($"The run {entry.Record.Run} is in another process's hands at the moment; try again.");

    // Null where somebody else has the lease.
    private Result<Granted>? TryChange(RunEntry entry, Func<RunStatus, RunRecord, Result<(bool IsSame, RunRecord Record)>> change, string words)
    {
        using Lease? lease = Lease.TryTake(entry.Directory, time);
        if (lease is null)
            return null;
        RunDirectory owned = lease.Owned;
        return RunRecord.Read(owned).Bind(record =>
        {
            RunStatus status = RunCatalogue.WithoutHolder(owned, record.Status);
            return change(status, record with { Status = status }).Map(changed =>
            {
                if (changed.IsSame)
                    return new Granted(new(entry.Directory, changed.Record), false, words);
                RunRecord written = changed.Record with { Token = lease.Token, Updated = time.GetUtcNow() };
                if (written.Status == RunStatus.Cancelled)
                    Cancellation.Grant(new(owned, written));
                else
                    written.Write(owned);
                owned.Disk.Delete(owned.PauseRequest);
                owned.Disk.Delete(owned.CancelRequest);
                return new Granted(new(entry.Directory, written), true, words);
            });
        });
    }

    private static Granted Ask(RunEntry entry, RunEvent wish)
    {
        switch (wish)
        {
            case RunEvent.Pause:
                entry.Directory.Disk.PublishText(entry.Directory.PauseRequest, "");
                return new(entry with { Record = entry.Record with { Status = RunStatus.Pausing } }, true, "is asked to pause");
            case RunEvent.Cancel:
                entry.Directory.Disk.PublishText(entry.Directory.CancelRequest, "");
                return new(entry, true, "is asked to stop for good");
            default:
                entry.Directory.Disk.Delete(entry.Directory.PauseRequest);
                return new(entry with { Record = entry.Record with { Status = RunStatus.Running } }, true, "goes on");
        }
    }
}
