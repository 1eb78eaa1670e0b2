using System.Collections.Concurrent;
using System.Net;
using Grokking.Cuda.Driver;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Serving;

/// <summary>Whatever keeps the service from its work is told by its probes within ten seconds, with the reason; being alive is another matter.</summary>
public sealed class HealthTests : IDisposable
{
    // What is promised.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);
    private readonly Folder folder = new();
    private volatile Action advancing = () => Thread.Sleep(5);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_step_that_stands_still_is_told_the_watchdog_goes_hungry_and_both_recover()
    {
        using var gate = new ManualResetEventSlim();
        var notifier = new HeardNotifier();
        await using LiveService service = await Start(services => services.AddSingleton(parts => new ServiceManager(
            notifier,
            parts.GetRequiredService<WorkerHealth>(),
            TimeProvider.System,
            parts.GetRequiredService<IHostApplicationLifetime>(),
            NullLogger<ServiceManager>.Instance,
            patience: TimeSpan.FromSeconds(2))));
        RunDirectory run = service.Submit(seed: 1);
        await Training(service, run);
        await service.Until(() => notifier.Count("WATCHDOG=1") >= 3, "signs of life");
        Assert.Equal((HttpStatusCode.OK, ""), await service.Ask("ready"));
        Assert.Equal(1, notifier.Count("READY=1"));

        advancing = gate.Wait;
        await service.Until(async () => await service.Ask("ready") is (HttpStatusCode.ServiceUnavailable, var reason) && reason.Contains("has shown no progress", StringComparison.Ordinal), "the objection", Promised);
        Assert.Equal(HttpStatusCode.OK, (await service.Ask("live")).Status);
        int signs = notifier.Count("WATCHDOG=1");
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(signs, notifier.Count("WATCHDOG=1"));

        advancing = () => Thread.Sleep(5);
        gate.Set();
        await service.Until(async () => (await service.Ask("ready")).Status == HttpStatusCode.OK, "its recovery");
        await service.Until(() => notifier.Count("WATCHDOG=1") > signs, "new signs of life");
        await service.Stop();
        Assert.Equal(1, notifier.Count("STOPPING=1"));
        Assert.True(service.Outcome.Interrupted);
    }

    [Fact]
    public async Task Metrics_that_can_no_longer_be_written_are_told_and_the_service_goes_on()
    {
        await using LiveService service = await Start();
        // No checkpoint comes in time to find it out.
        RunDirectory run = service.Submit(seed: 1, checkpointSeconds: 1000);
        await Training(service, run);
        await service.Until(() => Directory.Exists(run.MetricsSegments) && Directory.EnumerateFiles(run.MetricsSegments).Any(), "its rows");

        Directory.Delete(run.MetricsSegments, recursive: true);
        await service.Until(async () => await service.Ask("ready") is (HttpStatusCode.ServiceUnavailable, var reason) && reason.Contains("The metrics of run", StringComparison.Ordinal), "the objection", Promised);
        Assert.Equal(HttpStatusCode.OK, (await service.Ask("live")).Status);
        RunRecord failed = RunRecord.Read(run).OrThrow();
        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Contains("was removed while it was written", failed.Failure, StringComparison.Ordinal);

        RunDirectory next = service.Submit(seed: 2, steps: 50);
        await service.Until(() => RunRecord.Read(next).OrThrow().Status == RunStatus.Completed, "the next run");
        Assert.Equal((HttpStatusCode.OK, ""), await service.Ask("ready"));
        Assert.False(service.Outcome.Failed);
    }

    [Fact]
    public async Task A_fault_of_one_run_is_that_runs_failure_with_its_reason_and_no_others()
    {
        await using LiveService service = await Start();
        advancing = () => throw new InvalidOperationException("a bug in the engine");
        RunDirectory broken = service.Submit(seed: 1);
        await service.Until(() => RunRecord.Read(broken).OrThrow().Status == RunStatus.Failed, "its failure");
        Assert.Equal("InvalidOperationException: a bug in the engine", RunRecord.Read(broken).OrThrow().Failure);
        Assert.Equal((HttpStatusCode.OK, ""), await service.Ask("ready"));

        advancing = () => { };
        RunDirectory next = service.Submit(seed: 2, steps: 50);
        await service.Until(() => RunRecord.Read(next).OrThrow().Status == RunStatus.Completed, "the next run");
    }

    [Fact]
    public async Task An_engine_that_cannot_be_made_is_the_failure_of_its_run_too()
    {
        await using LiveService service = await Start(services => services.AddSingleton<Host.Training.MachineMaker>((_, _, _, _) => throw new NotSupportedException("no such machine")));
        RunDirectory run = service.Submit(seed: 1);
        await service.Until(() => RunRecord.Read(run).OrThrow().Status == RunStatus.Failed, "its failure");
        Assert.Equal("NotSupportedException: no such machine", RunRecord.Read(run).OrThrow().Failure);
        Assert.Equal(HttpStatusCode.OK, (await service.Ask("live")).Status);
        Assert.False(service.Outcome.Failed);
    }

    [Fact]
    public async Task A_run_whose_device_is_lost_goes_on_with_what_the_engine_has_in_its_place()
    {
        await using LiveService service = await Start();
        int losses = 0;
        advancing = () => _ = ++losses > 1 ? 0 : throw new DeviceLostException("the device is lost");
        RunDirectory run = service.Submit(seed: 1, steps: 50);
        await service.Until(() => RunRecord.Read(run).OrThrow().Status == RunStatus.Completed, "its end");
        Assert.Equal(1, RunRecord.Read(run).OrThrow().Resumes);
        Assert.Equal((HttpStatusCode.OK, ""), await service.Ask("ready"));
    }

    /// <summary>Only another process can have the device again; whoever starts services is told by the exit code.</summary>
    [Fact]
    public async Task A_service_whose_device_is_lost_for_good_stops_and_leaves_the_run_to_be_taken_up()
    {
        bool isLost = false;
        await using LiveService service = await Start(services => services.AddSingleton<Host.Training.MachineMaker>((_, _, _, _) => isLost
            ? throw new DeviceLostException("the device is lost")
            : Result.Success<Grokking.Training.IStepMachine>(new Control.CountingMachine(() =>
            {
                isLost = true;
                throw new DeviceLostException("the device is lost");
            }))));
        RunDirectory run = service.Submit(seed: 1);
        await service.Until(() => service.Part<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, "its stop");
        await service.Stop();
        Assert.Equal((true, false), (service.Outcome.Interrupted, service.Outcome.Failed));
        Assert.Equal((RunStatus.Interrupted, (string?)null), (RunRecord.Read(run).OrThrow().Status, RunRecord.Read(run).OrThrow().Failure));
    }

    [Fact]
    public async Task Only_a_dead_worker_is_not_alive()
    {
        await using LiveService service = await Start();
        Assert.Equal((HttpStatusCode.OK, ""), await service.Ask("live"));
        service.Part<WorkerHealth>().Died("The worker failed: a bug");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The worker failed: a bug"), await service.Ask("live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The worker failed: a bug"), await service.Ask("ready"));
    }

    private Task<LiveService> Start(Action<IServiceCollection>? replace = null) => LiveService.Start(folder, () => advancing(), replace);

    private static Task Training(LiveService service, RunDirectory run) =>
        service.Until(() => service.Part<WorkerHealth>().ProgressOf(Path.GetFileName(run.Path)) is { Step: > 0 }, "its training");

    private sealed class HeardNotifier : ISystemdNotifier
    {
        private readonly ConcurrentQueue<string> heard = new();

        public bool IsEnabled => true;

        public void Notify(ServiceState state) => heard.Enqueue(state.ToString());

        public int Count(string state) => heard.Count(each => each == state);
    }
}
