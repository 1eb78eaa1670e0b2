using Grokking.Host.Training;
using Grokking.Service.Metrics;

namespace Grokking.Service.Training;

/// <summary>What is said about the speed, and how many steps are taken without looking up.</summary>
public class PaceTests
{
    [Fact]
    public void Of_a_step_that_took_no_time_nothing_follows()
    {
        var clock = new ManualClock();
        var pace = new Pace(clock);
        pace.Note(clock.GetTimestamp(), 1);
        Assert.Equal((0, 1), (pace.StepsPerSecond, pace.Slice));
        long start = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMilliseconds(100));
        pace.Note(start, 9);
        Assert.Equal((100, 10), (pace.StepsPerSecond, pace.Slice));
    }

    [Fact]
    public void The_speed_is_that_of_the_last_seconds()
    {
        var clock = new ManualClock();
        var pace = new Pace(clock);
        for (int second = 0; second < 20; second++)
        {
            long start = clock.GetTimestamp();
            clock.Advance(TimeSpan.FromSeconds(1));
            pace.Note(start, second < 10 ? 1000 : 10);
        }

        Assert.Equal(10, pace.StepsPerSecond);
    }
}
