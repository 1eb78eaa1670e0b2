using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Training;

/// <summary>What the service was asked to do.</summary>
/// <param name="Data">The directory that holds everything that is written.</param>
/// <param name="Threads">Threads of the engine.</param>
internal sealed record ServiceSettings(string Data, int Threads)
{
    /// <summary>The queue's directory.</summary>
    public string Queue => Path.Combine(Path.GetFullPath(Data), "queue");

    /// <summary>The service's log files.</summary>
    public string Logs => Path.Combine(Path.GetFullPath(Data), "logs");
}

/// <summary>How the service ended, for its exit code.</summary>
internal sealed class ServiceOutcome
{
    /// <summary>Whether a run was interrupted by the end of the service.</summary>
    public bool Interrupted { get; set; }

    /// <summary>Whether the worker itself failed.</summary>
    public bool Failed { get; set; }
}

/// <summary>Works off the queue, one experiment after the other, for as long as the service lives.</summary>
internal sealed class QueueWorker(
    ServiceSettings settings,
    ExperimentQueue queue,
    WorkerHealth health,
    ServiceOutcome outcome,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<QueueWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                health.Tick();
                if (queue.Claim() is { } next)
                    await OnItsOwnThread(() => Train(next, stoppingToken)).ConfigureAwait(false);
                else
                    await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service was asked to stop while nothing was trained.
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

    private void Train(QueuedExperiment queued, CancellationToken stop)
    {
        logger.LogInformation("Claimed {Experiment}", queued.Name);
        ExperimentReading reading = new ExperimentCatalogue().Text(queued.Path).Match(
            text => ConfigurationText.Read(text),
            reason => new ExperimentReading(null, [ConfigurationError.Because(queued.Name, reason)]));
        if (reading.Experiment is not { } experiment)
        {
            Finish(queued, "failed", string.Join(Environment.NewLine, reading.Errors.Select(error => error.Sentence)));
            return;
        }

        RunDirectory directory = new RunCatalogue(settings.Data).DirectoryOf(CanonicalForm.RunId(experiment));
        Result<RunRecord> result = new Sitting(experiment, directory, settings.Threads, time, health).Run(stop);
        if (result is not Result<RunRecord>.Success { Value: var record })
        {
            Finish(queued, "failed", result.Match(_ => "", reason => reason));
            return;
        }

        switch (record.Status)
        {
            case RunStatus.Interrupted:
                // It stays claimed: the next service goes on with it.
                outcome.Interrupted = true;
                break;
            case RunStatus.Paused:
                Finish(queued, "paused", $"The run {record.Run} was paused at step {record.Step}; to go on, put this file into the queue again.");
                break;
            case RunStatus.Completed:
                Finish(queued, "done", $"The run {record.Run} is completed ({record.StopReason}) at step {record.Step}: {directory.Path}");
                break;
            default:
                string status = record.Status.ToString().ToLowerInvariant();
                Finish(queued, "failed", $"The run {record.Run} is {status} at step {record.Step}: {record.Failure ?? directory.Path}");
                break;
        }
    }

    private static Task OnItsOwnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Finish(QueuedExperiment queued, string folder, string sentence)
    {
        logger.LogInformation("{Experiment} is {Outcome}: {Sentence}", queued.Name, folder, sentence);
        queue.Finish(queued, folder, sentence);
    }
}
