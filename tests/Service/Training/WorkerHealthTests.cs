using Grokking.Host.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Training;

/// <summary>Health is told by progress, not by the mere existence of a process.</summary>
public class WorkerHealthTests
{
    [Fact]
    public void A_worker_that_shows_progress_is_well()
    {
        var clock = new SetClock();
        var health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance);
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
        var clock = new SetClock();
        var health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance);

        clock.Seconds = 11;
        Assert.Contains("11 seconds", health.Objection, StringComparison.Ordinal);
        health.Tick();
        Assert.Null(health.Objection);
    }

    [Fact]
    public void Slow_steps_are_allowed_three_times_their_length()
    {
        var clock = new SetClock();
        var health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance);
        health.Progressed(new("run", 1, 100, StepsPerSecond: 0.1, 0, 0));

        clock.Seconds = 29;
        Assert.Null(health.Objection);
        clock.Seconds = 31;
        Assert.NotNull(health.Objection);
    }

    [Fact]
    public void A_dead_worker_stays_dead()
    {
        var health = new WorkerHealth(new SetClock(), NullLogger<WorkerHealth>.Instance);
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
