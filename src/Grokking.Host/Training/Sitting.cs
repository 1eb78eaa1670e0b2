using Grokking.Arithmetic;
using Grokking.Cuda.Driver;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Runs;
using Grokking.Training;
using Serilog;

namespace Grokking.Host.Training;

/// <summary>
/// One sitting of a run: from its beginning, or from its newest checkpoint, until it ends or somebody wants it to stop. Checks everything
/// before it creates anything.
/// </summary>
/// <param name="experiment">What is trained.</param>
/// <param name="directory">Where its files go.</param>
/// <param name="threads">Threads of the engine.</param>
/// <param name="time">The clock.</param>
/// <param name="observer">Is told how it goes.</param>
internal sealed class Sitting(Experiment experiment, RunDirectory directory, int threads, TimeProvider time, IRunObserver observer)
{
    private readonly string run = CanonicalForm.RunId(experiment);

    /// <summary>What trains; our own engine unless another is chosen.</summary>
    public MachineMaker Engine { get; init; } = Engines.Own(threads);

    /// <summary>Whether the device that trained was lost, and there was nothing else to go on with.</summary>
    public bool HasLostItsDevice { get; private set; }

    /// <summary>Trains.</summary>
    /// <param name="stop">Cancelled when the process is to stop: a checkpoint is written, and the run is resumable.</param>
    /// <returns>The run as it stands afterwards, or the sentence that says why nothing was begun.</returns>
    /// <exception cref="DeviceLostException">The device was lost before anything was begun.</exception>
    public Result<RunRecord> Run(CancellationToken stop)
    {
        Result<RunRecord> end = Sit(stop);
        if (!HasLostItsDevice || stop.IsCancellationRequested)
            return end;
        try
        {
            HasLostItsDevice = false;
            // With whatever the engine has in its place, from the last checkpoint.
            return Sit(stop);
        }
        catch (DeviceLostException)
        {
            HasLostItsDevice = true;
            return end;
        }
    }

    private Result<RunRecord> Sit(CancellationToken stop)
    {
        if (Settled() is { } settled)
            return settled;
        if (OutputFolder.Check(directory, run) is { } objection)
            return Result.Failure<RunRecord>(objection);

        if (Lease.IsHeld(directory, time))
            return Busy();
        return Equipment.Prepare(experiment, Engine).Bind(equipment =>
        {
            using (equipment)
                return Run(equipment, stop);
        });
    }

    private Result<RunRecord> Run(Equipment equipment, CancellationToken stop)
    {
        directory.Disk.MakeDirectory(directory.Path);
        using Lease? lease = Lease.TryTake(directory, time, wait: true, stop);
        if (lease is null)
            return Busy();
        foreach (string place in Places)
            lease.Owned.Disk.Sweep(place);
        // Another process may have ended it while this one waited for its turn.
        return Settled(lease) ?? (directory.Exists
            ? RunRecord.Read(directory).Bind(before => RunLeased(lease, equipment, before, stop))
            : RunLeased(lease, equipment, null, stop));
    }

    private IEnumerable<string> Places => new[] { directory.Path, directory.Checkpoints, directory.Phases, directory.Spectra }.Where(Directory.Exists);

    private Result<RunRecord> Busy() => Result.Failure<RunRecord>(
        $"The run {run} is being trained by another process{(LeaseFile.Newest(directory) is { } lease ? $" ({lease.Process} on {lease.Host})" : "")}; there can be one.");

    // What there is to say of a run that needs no training; null where it does.
    private Result<RunRecord>? Settled(Lease? lease = null)
    {
        if (!directory.Exists || RunRecord.Read(directory) is not Result<RunRecord>.Success { Value: var record } || record.Run != run)
            return null;
        switch (record.Status)
        {
            case RunStatus.Cancelled:
                return Result.Failure<RunRecord>($"The run {run} was cancelled; to train it anew, delete {directory.Path}.");
            case RunStatus.Completed when lease is not null:
                // A crash may have come between the record's last word and the removal of the parts.
                new MetricsFiles(directory.Path, lease.Owned.Disk).RemoveJoined();
                return Result.Success(record);
            case RunStatus.Completed when !Directory.Exists(directory.MetricsSegments) && !Places.Any(Disk.HasTemporary):
                return Result.Success(record);
            default:
                return null;
        }
    }

    private Result<RunRecord> RunLeased(Lease lease, Equipment equipment, RunRecord? before, CancellationToken stop)
    {
        RunDirectory owned = lease.Owned;
        using Serilog.Core.Logger log = RunLog.Create(directory, run);
        (DataSplit split, Recipe recipe, IStepMachine machine, DataSplit? later) = equipment;
        var checkpoints = new CheckpointStore(owned, run, recipe, experiment.Precision, machine.NumericsProfile);

        Result<Checkpoint?> newest = checkpoints.Newest(sentence => Warn(log, sentence));
        if (newest is Result<Checkpoint?>.Failure damaged)
            return Result.Failure<RunRecord>(damaged.Reason);
        Checkpoint? from = newest.OrThrow();
        if (from is null && before is { Step: > 0 })
        {
            return Result.Failure<RunRecord>(
                $"The run {run} had reached step {before.Step}, but {directory.Checkpoints} holds no checkpoint; put its checkpoints back, "
                + $"or delete {directory.Path} to train it from its beginning.");
        }

        if (before is not null && from is not null && before.Environment.NumericsProfile != machine.NumericsProfile)
        {
            Warn(log, $"This machine computes as '{machine.NumericsProfile}', the run began as '{before.Environment.NumericsProfile}': "
                + "the last bits may differ from those of an uninterrupted run.");
        }

        foreach (string warning in before is null ? PhysicsGuards.Warnings(experiment) : [])
            Warn(log, warning);

        RunRecord record = Begin(before, from, machine, lease.Token);
        try
        {
            // A wish of the time before; whoever sees the run as running from here on is heard.
            owned.Disk.Delete(owned.PauseRequest);
            record.Write(owned);
            if (!File.Exists(directory.DataSet))
                new RunTables(owned, run, experiment).WriteDataSet(split, later);
            log.Information("Training {Run} from step {Step} of {Budget} on {Threads} threads", run, record.Step, record.Budget, threads);
            observer.Started(directory, record.Step);
            using var measurement = new Measurement(experiment, recipe, split, threads);
            record = new TrainingLoop(experiment, lease, machine, recipe, measurement, checkpoints, time, observer).Run(record, from, stop);
            string reason = record.StopReason ?? "not at its end";
            log.Information("The run is {Status} at step {Step} ({StopReason})", record.Status.ToString(), record.Step, reason);
        }
        catch (Exception fault) when (lease.IsLost)
        {
            Warn(log, fault is LeaseLostException ? fault.Message : $"{new LeaseLostException(directory, lease.Token).Message}");
            record = record with { Status = record.Status.After(RunEvent.Interrupt).OrThrow() };
        }
        catch (DeviceLostException fault)
        {
            // Nothing that the device held can be had any more.
            HasLostItsDevice = true;
            Warn(log, fault.Message);
            record = RunRecord.Read(owned).Match(last => last, _ => record);
            record = record with { Status = record.Status.After(RunEvent.Interrupt).OrThrow(), Updated = time.GetUtcNow() };
            TryWrite(record, owned, log);
        }
        catch (Exception fault)
        {
            log.Error(fault, "The run failed");
            record = record with { Status = record.Status.After(RunEvent.Fail).OrThrow(), Failure = Sentence(fault), Updated = time.GetUtcNow() };
            TryWrite(record, owned, log);
            observer.Failed(fault);
        }

        observer.Ended(record);
        return Result.Success(record);
    }

    private RunRecord Begin(RunRecord? before, Checkpoint? from, IStepMachine machine, long token)
    {
        DateTimeOffset now = time.GetUtcNow();
        // Whoever holds the lease knows that nobody trains it, whatever was written last.
        RunStatus status = before is null ? RunStatus.Queued : before.Status is RunStatus.Running ? RunStatus.Interrupted : before.Status;
        return new RunRecord
        {
            Run = run,
            Token = token,
            Experiment = experiment.Name,
            Status = status.After(RunEvent.Begin).OrThrow(),
            Step = from?.State.Step ?? 0,
            Budget = before?.Budget ?? experiment.Budget.Steps,
            Seed = experiment.Seed,
            Priority = before?.Priority ?? 0,
            Submitted = before?.Submitted,
            Begun = before?.Begun ?? now,
            Resumes = before is null or { Begun: null, Status: RunStatus.Queued } ? 0 : before.Resumes + 1,
            ElapsedSeconds = from?.ElapsedSeconds ?? 0,
            Created = before?.Created ?? now,
            Updated = now,
            Outcome = from is null ? null : before?.Outcome,
            Configuration = System.Text.Json.JsonDocument.Parse(CanonicalForm.Write(experiment)).RootElement,
            Environment = RunEnvironment.Current(machine.NumericsProfile, threads),
        };
    }

    private void Warn(ILogger log, string sentence)
    {
        log.Warning("{Warning}", sentence);
        observer.Warned(sentence);
    }

    // The fault may be the disk itself; the failure is then reported by the exit code and on standard error only.
    private static void TryWrite(RunRecord record, RunDirectory owned, ILogger log)
    {
        try
        {
            record.Write(owned);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or LeaseLostException)
        {
            log.Error(fault, "The failure could not be recorded");
        }
    }

    private static string Sentence(Exception fault) => fault switch
    {
        IOException or UnauthorizedAccessException => fault.Message,
        OutOfMemoryException => "This machine has too little memory for the run; a smaller network.width or task.modulus needs less.",
        _ => $"{fault.GetType().Name}: {fault.Message}",
    };
}
