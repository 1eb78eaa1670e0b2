using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Host.Sweeps;

/// <summary>How a run of a sweep ended this time.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Record">How it stands; null where it could not be begun.</param>
/// <param name="Reason">Why it failed or could not be begun; null where all is well.</param>
internal sealed record RunEnd(string Run, RunRecord? Record, string? Reason)
{
    /// <summary>Whether the run is not done and will not be by running the sweep again unchanged.</summary>
    public bool Failed => Reason is not null || Record?.Status is RunStatus.Failed or RunStatus.Cancelled;
}

/// <summary>Is told how a sweep goes, by several threads at once.</summary>
internal interface ISweepObserver
{
    /// <summary>Listens to one run; called when the run begins.</summary>
    IRunObserver Listen(string run);

    /// <summary>A run is over for this time.</summary>
    void Ended(RunEnd end);

    /// <summary>Only runs that other processes train are left; these are waited for.</summary>
    /// <param name="count">How many.</param>
    void Waiting(int count);
}

/// <summary>
/// Trains the runs of a sweep, several at once: a thread of the engine for each while there are more runs than threads, and all threads shared
/// among few. Every run is a sitting of its own, with its lease, its checkpoints and its files, so several processes may work on the same sweep,
/// and killing one loses what killing a run loses.
/// </summary>
/// <param name="runs">Where runs lie.</param>
/// <param name="threads">Threads of the engine, for all runs together.</param>
/// <param name="time">The clock.</param>
/// <param name="observer">Is told how it goes.</param>
internal sealed class SweepRunner(RunCatalogue runs, int threads, TimeProvider time, ISweepObserver observer)
{
    /// <summary>What trains a run, with so many threads where the processor does; our own engine unless another is chosen.</summary>
    public Func<Experiment, int, MachineMaker> Engine { get; init; } = (_, share) => Engines.Own(share);

    /// <summary>How many runs are trained at once; as many as there are threads unless another number is chosen.</summary>
    public int? Together { get; init; }

    // How often a run is looked at that another process trains.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private readonly Queue<(SweepPoint Point, PlannedRun Run)> waiting = new();
    private readonly List<(SweepPoint Point, PlannedRun Run)> elsewhere = [];
    private readonly List<RunEnd> ends = [];

    /// <summary>Trains.</summary>
    /// <param name="left">The runs, in the order in which they begin.</param>
    /// <param name="stop">Cancelled when the process is to stop: every run writes a checkpoint, and the sweep is resumable.</param>
    /// <returns>How each run ended that was begun; those that were not reached are missing.</returns>
    public ImmutableArray<RunEnd> Run(IReadOnlyCollection<(SweepPoint Point, PlannedRun Run)> left, CancellationToken stop)
    {
        foreach ((SweepPoint Point, PlannedRun Run) each in left)
            waiting.Enqueue(each);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        int together = Math.Min(Together ?? threads, left.Count);
        Task[] workers =
        [
            .. Enumerable.Range(0, together).Select(worker => Task.Factory.StartNew(
                () => Work(Math.Max(1, (threads / together) + (worker < threads % together ? 1 : 0)), enough, stop),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        Task.WaitAll(workers, CancellationToken.None);
        return [.. ends];
    }

    private void Work(int share, CancellationTokenSource enough, CancellationToken asked)
    {
        CancellationToken stop = enough.Token;
        // Whoever waits for a place hears of a stop directly, and may do so a moment before the token that is linked to it.
        while (!asked.IsCancellationRequested && !stop.IsCancellationRequested && Next(stop) is { } next)
        {
            RunDirectory directory = runs.DirectoryOf(next.Run.Run);
            if (Lease.IsHeld(directory, time))
            {
                lock (turn)
                    elsewhere.Add(next);
                continue;
            }

            long before = LeaseFile.Newest(directory)?.Token ?? 0;
            RunEnd end = Train(next, directory, share, enough);
            // It was not begun; that it was not is nobody's fault.
            if (end.Record is null && (asked.IsCancellationRequested || stop.IsCancellationRequested))
                continue;
            if (end.Record is null && (Lease.IsHeld(directory, time) || TakenByAnother(directory, before)))
            {
                // Another process was quicker, and may have ended already.
                lock (turn)
                    elsewhere.Add(next);
                continue;
            }

            lock (turn)
                ends.Add(end);
            observer.Ended(end);
        }
    }

    private static bool TakenByAnother(RunDirectory directory, long before) =>
        LeaseFile.Newest(directory) is { } newest && newest.Token > before && !newest.IsMine;

    private (SweepPoint Point, PlannedRun Run)? Next(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int others;
            lock (turn)
            {
                if (waiting.TryDequeue(out (SweepPoint Point, PlannedRun Run) next))
                    return next;
                if (elsewhere.FindIndex(each => !Lease.IsHeld(runs.DirectoryOf(each.Run.Run), time)) is var free and >= 0)
                {
                    next = elsewhere[free];
                    elsewhere.RemoveAt(free);
                    return next;
                }

                others = elsewhere.Count;
            }

            if (others == 0)
                return null;
            observer.Waiting(others);
            stop.WaitHandle.WaitOne(Interval);
        }

        return null;
    }

    private RunEnd Train((SweepPoint Point, PlannedRun Run) next, RunDirectory directory, int share, CancellationTokenSource enough)
    {
        string run = next.Run.Run;
        try
        {
            return next.Point.Experiment(next.Run).Bind(Sit).Match(record => new RunEnd(run, record, record.Failure), reason => new RunEnd(run, null, reason));
        }
        catch (DeviceLostException fault)
        {
            // What none can be trained on any more ends the sweep, not the runs that had not begun.
            enough.Cancel();
            return new RunEnd(run, null, fault.Message);
        }
        catch (Exception fault)
        {
            // One run's trouble, be it with the disk or a fault of this program, must not end the others.
            bool ofTheDisk = fault is IOException or UnauthorizedAccessException;
            return new RunEnd(run, null, ofTheDisk ? fault.Message : $"{fault.GetType().Name}: {fault.Message}");
        }

        Result<RunRecord> Sit(Experiment experiment)
        {
            var sitting = new Sitting(experiment, directory, share, time, observer.Listen(run)) { Engine = Engine(experiment, share) };
            Result<RunRecord> end = sitting.Run(enough.Token);
            if (sitting.HasLostItsDevice)
                enough.Cancel();
            return end;
        }
    }
}
