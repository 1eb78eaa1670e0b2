using System.Collections.Concurrent;
using System.Text.Json;
using Grokking.Cuda.Driver;
using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>Works off the queue for as long as the service lives: some runs at a time, each on a thread of its own.</summary>
internal sealed class QueueWorker(
    ServiceSettings settings,
    Inbox inbox,
    RunCatalogue runs,
    RunControl control,
    WorkerHealth health,
    ServiceOutcome outcome,
    Instruments instruments,
    ServiceManager manager,
    MachineMaker engine,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<QueueWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Task> training = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        CancellationToken stop = either.Token;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                health.Tick();
                inbox.Empty(taken: health.Tick);
                Begin(stop);
                manager.Turn();
                await Task.WhenAny([Task.Delay(Interval, time, stop), .. training.Values]).ConfigureAwait(false);
                await Settle().ConfigureAwait(false);
            }

            await Task.WhenAll(training.Values).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // A worker that throws would end a host with exit code 0, as if all were well.
            logger.LogError(fault, "The worker failed; the service stops");
            health.Died($"The worker failed: {fault.Message}");
            outcome.Failed = true;
            lifetime.StopApplication();
        }
    }

    private void Begin(CancellationToken stop)
    {
        RunEntry[] waiting = [.. RunQueue.Waiting(runs.List()).Where(entry => !training.ContainsKey(entry.Record.Run))];
        int taken = Math.Clamp(settings.Together - training.Count, 0, waiting.Length);
        instruments.QueueLength = waiting.Length - taken;
        foreach (RunEntry entry in waiting.AsSpan(0, taken))
        {
            training[entry.Record.Run] = Task.Factory.StartNew(() => Train(entry, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    // A fault of a sitting is told by whoever awaits it.
    private async Task Settle()
    {
        foreach ((string run, Task task) in training)
        {
            if (task.IsCompleted && training.TryRemove(run, out _))
                await task.ConfigureAwait(false);
        }
    }

    private void Train(RunEntry entry, CancellationToken stop)
    {
        string run = entry.Record.Run;
        try
        {
            Sit(entry, stop);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Postpone(run, fault, stop);
        }
        catch (DeviceLostException fault)
        {
            Leave(fault.Message);
        }
        catch (Exception fault)
        {
            // A fault of this program; the run is its victim, and the others are not.
            logger.LogError(fault, "The run {Run} failed", run);
            Refuse(entry, $"{fault.GetType().Name}: {fault.Message}", stop);
        }
        finally
        {
            health.Forget(run);
        }
    }

    // The disk, before the run could say so itself. The others go on; this one is tried again in a while.
    private void Postpone(string run, Exception fault, CancellationToken stop)
    {
        logger.LogError("The run {Run} could not be taken up: {Reason}", run, fault.Message);
        health.Forget(run);
        health.Troubled($"The run {run} could not be taken up: {fault.Message}");
        stop.WaitHandle.WaitOne(Rest);
    }

    // A lost device can be had again only by another process; whoever starts services starts this one again.
    private void Leave(string reason)
    {
        logger.LogError("The service stops, for its device is lost: {Reason}", reason);
        outcome.Interrupted = true;
        lifetime.StopApplication();
    }

    // It must not come up again and again.
    private void Refuse(RunEntry entry, string reason, CancellationToken stop)
    {
        try
        {
            control.Refuse(entry, reason);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Postpone(entry.Record.Run, fault, stop);
        }
    }

    private void Sit(RunEntry entry, CancellationToken stop)
    {
        string run = entry.Record.Run;
        ExperimentReading reading = ConfigurationText.Read(JsonSerializer.Serialize(entry.Record.Configuration));
        Sitting? sitting = reading.Experiment is { } experiment
            ? new Sitting(experiment, entry.Directory, Math.Max(1, settings.Threads / settings.Together), time, health.Listen(run)) { Engine = engine }
            : null;
        Result<RunRecord> result = sitting?.Run(stop) ?? Result.Failure<RunRecord>(string.Join(" ", reading.Errors.Select(error => error.Sentence)));
        if (sitting is { HasLostItsDevice: true })
            Leave($"the run {run} was interrupted by it");
        switch (result)
        {
            case Result<RunRecord>.Success { Value.Status: RunStatus.Interrupted }:
                outcome.Interrupted = true;
                break;
            case Result<RunRecord>.Failure { Reason: var reason } when !Lease.IsHeld(entry.Directory, time):
                // Nobody else has it, so it is the run itself.
                logger.LogWarning("The run {Run} cannot be trained: {Reason}", run, reason);
                Refuse(entry, reason, stop);
                break;
            default:
                break;
        }
    }
}
