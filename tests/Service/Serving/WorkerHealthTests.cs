using Grokking.Host.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Serving;

/// <summary>Health is told by progress, not by the mere existence of a process.</summary>
public class WorkerHealthTests
{
    private readonly SetClock clock = new();
    private readonly WorkerHealth health;

    private readonly Alerts alerts;

    public WorkerHealthTests()
    {
        alerts = new Alerts(clock, NullLogger<Alerts>.Instance);
        health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance, alerts, new Instruments());
    }

    [Fact]
    public void A_worker_that_shows_progress_is_well()
    {
        for (int second = 0; second < 100; second += 9)
        {
            clock.Seconds = second;
            Assert.Null(health.Objection);
            health.Tick();
        }
    }

    [Fact]
    public void Silence_is_objected_to_after_ten_seconds_and_forgiven_when_it_ends()
    {
        clock.Seconds = 11;
        Assert.Contains("11 seconds", health.Objection, StringComparison.Ordinal);
        health.Tick();
        Assert.Null(health.Objection);
    }

    [Fact]
    public void A_run_that_stands_still_is_named_though_the_worker_and_another_run_go_on()
    {
        health.Listen("still");
        health.Listen("busy").Progressed(new("busy", 1, 100, 10, 0, 0));
        clock.Seconds = 11;
        health.Tick();
        health.Listen("busy").Progressed(new("busy", 2, 100, 10, 0, 0));
        Assert.StartsWith("The run still has shown no progress", health.Objection, StringComparison.Ordinal);
        health.Forget("still");
        Assert.Null(health.Objection);
        Assert.Equal(2, health.ProgressOf("busy")?.Step);
    }

    [Fact]
    public void Slow_steps_are_allowed_three_times_their_length()
    {
        health.Listen("run").Progressed(new("run", 1, 100, StepsPerSecond: 0.1, 0, 0));
        clock.Seconds = 29;
        health.Tick();
        Assert.Null(health.Objection);
        clock.Seconds = 31;
        Assert.NotNull(health.Objection);
    }

    [Fact]
    public void A_dead_worker_stays_dead()
    {
        health.Died("The disk is gone.");
        health.Tick();
        Assert.Equal(("The disk is gone.", "The disk is gone."), (health.Fault, health.Objection));
    }

    private sealed class SetClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long GetTimestamp() => Seconds;

        public override long TimestampFrequency => 1;
    }
}
