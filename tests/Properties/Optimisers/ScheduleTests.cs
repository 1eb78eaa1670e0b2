using FsCheck.Xunit;
using Grokking.Optimisers;

namespace Grokking.Properties.Optimisers;

public class ScheduleTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void Counted_from_zero_the_first_update_has_no_rate_and_the_full_rate_comes_after_ten() =>
        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1], Enumerable.Range(0, 12).Select(step => (new Schedule(10) { WarmupFrom = 0 }).FactorAt(step)));

    [Fact]
    public void Counted_from_one_the_first_update_has_a_tenth_of_the_rate() =>
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1], Enumerable.Range(0, 11).Select(step => new Schedule(10).FactorAt(step)));

    [Property]
    public void A_line_and_half_a_wave_fall_from_one_to_zero_over_the_steps_after_the_warm_up(byte warmup, byte rest)
    {
        var steps = warmup + rest + 1;
        var linear = new Schedule(warmup) { Annealing = Annealing.Linear, Steps = steps };
        var cosine = linear with { Annealing = Annealing.Cosine };
        for (long step = warmup; step <= steps; step++)
        {
            var passed = (step - warmup) / (rest + 1.0);
            Assert.Equal(1 - passed, linear.FactorAt(step), Rounding);
            Assert.Equal((1 + Math.Cos(Math.PI * passed)) / 2, cosine.FactorAt(step), Rounding);
        }

        Assert.All(new[] { linear, cosine }, schedule => Assert.Equal(0, schedule.FactorAt(steps + 7L), Rounding));
    }

    [Property]
    public void The_warm_up_is_the_same_whatever_follows(byte warmup, byte step)
    {
        var schedule = new Schedule(warmup);
        if (step < warmup)
        {
            Assert.Equal(schedule.FactorAt(step), (schedule with { Annealing = Annealing.Cosine, Steps = 300 }).FactorAt(step));
        }
    }

    [Fact]
    public void Without_steps_after_the_warm_up_nothing_falls() =>
        Assert.Equal([0.5, 1, 1, 1], Enumerable.Range(0, 4).Select(step => new Schedule(2) { Annealing = Annealing.Linear, Steps = 2 }.FactorAt(step)));
}
