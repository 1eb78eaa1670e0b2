using Grokking.Host.Service;
using Grokking.Host.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Serving;

/// <summary>Health is told by progress, not by the mere existence of a process.</summary>
public sealed class WorkerHealthTests : IDisposable
{
    private readonly SetClock clock = new();
    private readonly Instruments instruments = new();
    private readonly WorkerHealth health;

    public WorkerHealthTests() =>
        health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance, new Alerts(clock, NullLogger<Alerts>.Instance), instruments);

    public void Dispose() => instruments.Dispose();

    [Fact]
    public void A_worker_that_shows_progress_is_well()
    {
        for (int second = 0; second < 100; second += 8)
        {
            clock.Seconds = second;
            Assert.Null(health.Objection);
            health.Tick();
        }
    }

    [Fact]
    public void Silence_is_objected_to_before_ten_seconds_are_over_and_forgiven_when_it_ends()
    {
        clock.Seconds = 9;
        Assert.Contains("9 seconds", health.Objection, StringComparison.Ordinal);
        Assert.NotNull(health.Stall);
        Assert.Null(health.Fault);
        health.Tick();
        Assert.Null(health.Objection);
    }

    [Fact]
    public void A_worker_that_is_silent_for_a_minute_is_dead()
    {
        clock.Seconds = 60;
        Assert.Null(health.Fault);
        clock.Seconds = 61;
        Assert.Contains("61 seconds", health.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_stands_still_is_named_though_the_worker_and_another_run_go_on()
    {
        health.Listen("still");
        health.Listen("busy").Progressed(new("busy", 1, 100, 10, 0, 0));
        clock.Seconds = 9;
        health.Tick();
        health.Listen("busy").Progressed(new("busy", 2, 100, 10, 0, 0));
        Assert.StartsWith("The run still has shown no progress", health.Objection, StringComparison.Ordinal);
        Assert.Equal(health.Stall, health.Objection);
        health.Forget("still");
        Assert.Null(health.Objection);
        Assert.Equal(2, health.ProgressOf("busy")?.Step);
    }

    [Fact]
    public void What_took_long_before_may_take_three_times_as_long()
    {
        IRunObserver run = health.Listen("run");
        clock.Seconds = 7;
        run.Progressed(new("run", 1, 100, StepsPerSecond: 0.1, 0, 0));
        clock.Seconds = 7 + 21;
        health.Tick();
        Assert.Null(health.Objection);
        clock.Seconds = 7 + 22;
        Assert.Contains("21 are allowed", health.Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_was_suspended_for_hours_does_not_teach_to_wait_for_hours()
    {
        IRunObserver run = health.Listen("run");
        clock.Seconds = 10_000;
        run.Progressed(new("run", 1, 100, 10, 0, 0));
        health.Tick();
        clock.Seconds = 10_000 + 49;
        health.Tick();
        Assert.Contains("48 are allowed", health.Stall, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_do_not_reach_the_disk_and_checkpoints_that_do_not_come_are_objected_to_but_are_no_standstill()
    {
        IRunObserver run = health.Listen("run");
        run.Progressed(new RunProgress("run", 1, 100, 10, 0, 0) { MetricsLag = 7.9, CheckpointAge = 180, CheckpointEvery = 60 });
        Assert.Null(health.Objection);
        run.Progressed(new RunProgress("run", 2, 100, 10, 0, 0) { MetricsLag = 8.1 });
        Assert.StartsWith("The metrics of the run run have not reached the disk for 8 seconds", health.Objection, StringComparison.Ordinal);
        run.Progressed(new RunProgress("run", 3, 100, 10, 0, 0) { CheckpointAge = 181, CheckpointEvery = 60 });
        Assert.StartsWith("The last checkpoint of the run run is 181 seconds old", health.Objection, StringComparison.Ordinal);
        Assert.Null(health.Stall);
        run.Progressed(new RunProgress("run", 4, 100, 10, 0, 0) { CheckpointAge = 100_000 });
        Assert.Null(health.Objection);
    }

    [Fact]
    public void A_run_that_could_not_write_is_remembered_for_a_minute_or_until_one_can()
    {
        IRunObserver run = health.Listen("run");
        run.Failed(new InvalidOperationException("a bug"));
        Assert.Null(health.Objection);
        run.Failed(new IOException("no space"));
        health.Forget("run");
        Assert.Equal(("The run run could not write its files: no space", null), (health.Objection, health.Stall));
        health.Listen("other").Saved(TimeSpan.FromSeconds(1));
        Assert.Null(health.Objection);
        run.Failed(new UnauthorizedAccessException("not yours"));
        health.Forget("other");
        clock.Seconds = 59;
        health.Tick();
        Assert.Contains("not yours", health.Objection, StringComparison.Ordinal);
        clock.Seconds = 60;
        health.Tick();
        Assert.Null(health.Objection);
    }

    [Fact]
    public void A_dead_worker_stays_dead()
    {
        health.Died("The disk is gone.");
        health.Tick();
        Assert.Equal(("The disk is gone.", "The disk is gone.", "The disk is gone."), (health.Fault, health.Stall, health.Objection));
    }
}

/// <summary>A clock that says what it was told, in seconds.</summary>
internal sealed class SetClock : TimeProvider
{
    public long Seconds { get; set; }

    public override long GetTimestamp() => Seconds;

    public override long TimestampFrequency => 1;
}
