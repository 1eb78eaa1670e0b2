using Grokking.Host.Configuration;
using Grokking.Host.Figures;
using Grokking.Host.Metrics;
using Grokking.Host.Runs;
using Grokking.Measures;
using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>
/// The loop between the Model and the files: some steps, an evaluation where one is due, a checkpoint where one is due. At a step that is
/// due for both, the evaluation comes first; so a checkpoint always has every row of metrics up to its own step, and a resumed run repeats
/// none.
/// </summary>
internal sealed class TrainingLoop(
    Experiment experiment,
    Lease lease,
    IStepMachine machine,
    Recipe recipe,
    Measurement measurement,
    CheckpointStore checkpoints,
    TimeProvider time,
    IRunObserver observer)
{
    // How often the files are looked at for a wish.
    private static readonly TimeSpan Attention = TimeSpan.FromSeconds(0.2);

    // Tables of phases and spectra are large; they are written this often per tenfold number of steps, and at the last step.
    private static readonly EvaluationSchedule TableSchedule = new(null, 10);

    private readonly RunDirectory directory = lease.Owned;
    private readonly string run = CanonicalForm.RunId(experiment);
    private readonly RunTables tables = new(lease.Owned, CanonicalForm.RunId(experiment), experiment);
    private readonly Pace pace = new(time);
    private Budget budget = experiment.Budget;
    private long sittingStart;
    private long lastAttention;
    private long lastCheckpoint;
    private double elapsedBefore;

    /// <summary>Trains until the end or until somebody wants it to stop.</summary>
    /// <param name="record">The run as it stands.</param>
    /// <param name="from">The checkpoint to go on from; null for the beginning.</param>
    /// <param name="stop">Cancelled when the process is to stop.</param>
    /// <returns>The run as it stands afterwards, already written.</returns>
    public RunRecord Run(RunRecord record, Checkpoint? from, CancellationToken stop)
    {
        sittingStart = lastCheckpoint = lastAttention = time.GetTimestamp();
        elapsedBefore = from?.ElapsedSeconds ?? 0;
        using MetricsSink metrics = OpenMetrics(from);
        machine.Load(from?.State ?? InitialState.Of(recipe, experiment.Precision, ExperimentData.Key(experiment)));
        // What was extended has reached what it was meant to reach; now the steps count.
        bool isExtended = record.Budget != experiment.Budget.Steps;
        if (isExtended)
            budget = new(record.Budget, null);
        Course course = (isExtended && from is not null ? from.Course with { Target = null } : from?.Course) ?? Course.Begin(experiment.Budget, SpikeDetector.For(experiment.Loss, experiment.Task.Modulus));
        if (from is null)
        {
            course = Evaluate(course, metrics);
            WriteTables();
            record = Save(record, course, metrics);
        }

        while (true)
        {
            if (course.End(machine.Step, budget) is { } reason)
                return Complete(record, course, metrics, reason);
            if (Wish(stop) is { } wish)
                return Stop(record, course, metrics, wish);
            metrics.Check();

            long start = time.GetTimestamp();
            long steps = Math.Min(pace.Slice, NextEvent(machine.Step) - machine.Step);
            machine.Advance(steps);
            pace.Note(start, steps);
            lease.Progress();
            if (experiment.Evaluation.Includes(machine.Step) || machine.Step == budget.Steps)
                course = Evaluate(course, metrics);
            if (TableSchedule.Includes(machine.Step))
                WriteTables();
            if (CheckpointIsDue(machine.Step) && course.End(machine.Step, budget) is null)
                record = Save(record, course, metrics);
            observer.Progressed(new(run, machine.Step, budget.Steps, pace.StepsPerSecond, course.TrainAccuracy, course.TestAccuracy)
            {
                GrokkedStep = course.Milestones.Grokked.First,
                Collapses = course.Collapse.Count,
                IsFinite = double.IsFinite(course.TrainLoss) && double.IsFinite(course.TestLoss),
                MetricsLag = metrics.Lag.TotalSeconds,
                CheckpointAge = time.GetElapsedTime(lastCheckpoint).TotalSeconds,
                CheckpointEvery = experiment.Checkpoint.EverySeconds,
            });
        }
    }

    private double Elapsed => elapsedBefore + time.GetElapsedTime(sittingStart).TotalSeconds;

    private MetricsSink OpenMetrics(Checkpoint? from) =>
        MetricsSink.Open(new MetricsFiles(directory.Path, directory.Disk), run, measurement.Columns, tables.Metadata, from?.MetricsWatermark ?? 0, time);

    // The next step at which something is due; slices end there.
    private long NextEvent(long step)
    {
        long next = Math.Min(budget.Steps, experiment.Evaluation.NextAfter(step));
        if (WithTables)
            next = Math.Min(next, TableSchedule.NextAfter(step));
        return experiment.Checkpoint.EverySteps is { } every ? Math.Min(next, (step / every * every) + every) : next;
    }

    private bool WithTables => experiment.Measures.Contains(MeasureNames.Phases) || experiment.Measures.Contains(MeasureNames.Spectra);

    private bool CheckpointIsDue(long step) =>
        (experiment.Checkpoint.EverySteps is { } steps && step % steps == 0)
        || (experiment.Checkpoint.EverySeconds is { } seconds && time.GetElapsedTime(lastCheckpoint).TotalSeconds >= seconds);

    private Course Evaluate(Course course, MetricsSink metrics)
    {
        Evaluation evaluation = machine.Evaluate(measurement.WithNorms);
        metrics.Append(new MetricsRow(machine.Step, time.GetUtcNow(), Elapsed, measurement.Of(machine, evaluation)));
        return course.Observe(machine.Step, evaluation);
    }

    private void WriteTables()
    {
        if (!WithTables)
            return;
        var specimen = new Specimen(ExperimentData.Trained(recipe), machine.State.Weights);
        if (experiment.Measures.Contains(MeasureNames.Phases))
            tables.WritePhases(machine.Step, specimen);
        if (experiment.Measures.Contains(MeasureNames.Spectra))
            tables.WriteSpectra(machine.Step, specimen);
    }

    // The metrics are sealed first: a checkpoint must never promise rows that are not on the disk.
    private RunRecord Save(RunRecord record, Course course, MetricsSink metrics)
    {
        long start = time.GetTimestamp();
        int watermark = metrics.Seal();
        checkpoints.Write(new(machine.State, course, watermark, Elapsed));
        lastCheckpoint = time.GetTimestamp();
        observer.Saved(time.GetElapsedTime(start, lastCheckpoint));
        RunRecord saved = record with
        {
            Step = machine.Step,
            ElapsedSeconds = Elapsed,
            Updated = time.GetUtcNow(),
            Outcome = Outcome(course, machine.Step),
        };
        saved.Write(directory);
        return saved;
    }

    private RunRecord Stop(RunRecord record, Course course, MetricsSink metrics, RunEvent[] wish)
    {
        RunStatus status = wish.Aggregate(record.Status, (now, what) => now.After(what).OrThrow());
        RunRecord stopped = Save(record, course, metrics) with { Status = status };
        if (status == RunStatus.Cancelled)
        {
            metrics.Complete();
            WriteOutcome(stopped, course);
        }

        stopped.Write(directory);
        if (status == RunStatus.Cancelled)
            new MetricsFiles(directory.Path, directory.Disk).RemoveJoined();
        ForgetWishes();
        return stopped;
    }

    private RunRecord Complete(RunRecord record, Course course, MetricsSink metrics, StopReason reason)
    {
        RunRecord completed = Save(record, course, metrics) with { Status = record.Status.After(RunEvent.Complete).OrThrow(), StopReason = reason.Name };
        WriteTables();
        metrics.Complete();
        WriteOutcome(completed, course);
        RunFigure.Write(directory, experiment, directory.Curves);
        // Written last: whoever reads "completed" finds everything else in place. Until then the checkpoint counts on the parts.
        completed.Write(directory);
        new MetricsFiles(directory.Path, directory.Disk).RemoveJoined();
        ForgetWishes();
        return completed;
    }

    private void ForgetWishes()
    {
        directory.Disk.Delete(directory.PauseRequest);
        directory.Disk.Delete(directory.CancelRequest);
    }

    private void WriteOutcome(RunRecord record, Course course)
    {
        if (course.Spikes is { Spikes.IsEmpty: false } found)
            tables.WriteSpikes(found.Spikes, course.Milestones.Memorised.First);
        tables.WriteSummary(record);
    }

    private RunOutcome Outcome(Course course, long step) => new(
        course.Step,
        course.TrainLoss,
        course.TrainAccuracy,
        course.TestLoss,
        course.TestAccuracy,
        course.Milestones,
        Elapsed > 0 ? step / Elapsed : 0)
    {
        Disturbances = course.Spikes is { } spikes ? Disturbances.Of(spikes, course.Milestones, course.Collapse) : null,
    };

    private RunEvent[]? Wish(CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return [RunEvent.Interrupt];
        if (time.GetElapsedTime(lastAttention) < Attention)
            return null;
        lastAttention = time.GetTimestamp();
        lease.Check();
        return File.Exists(directory.CancelRequest) ? [RunEvent.Cancel]
            : File.Exists(directory.PauseRequest) ? [RunEvent.Pause, RunEvent.Rest]
            : null;
    }
}
