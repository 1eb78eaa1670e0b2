using FsCheck.Xunit;
using Grokking.Measures;

namespace Grokking.Properties.Measures;

public sealed class MilestonesTests
{
    [Fact]
    public void The_vocabulary_means_what_it_says()
    {
        double[] accuracies = [0.2, 0.96, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.90, 1.0, 1.0];
        var crossing = Observe(0.95, accuracies);
        Assert.Equal(10, crossing.First);
        Assert.Equal(30, crossing.Sustained);
        Assert.Equal(90, crossing.Last);
        // From step 30 on there are eight evaluations, seven of them at or above the level.
        Assert.Equal(7 / 8.0, crossing.Stability);
    }

    [Fact]
    public void A_run_that_never_reaches_the_level_has_no_step()
    {
        var crossing = Observe(0.95, [0, 0.5, 0.9499999, double.NaN]);
        Assert.Null(crossing.First);
        Assert.Null(crossing.Sustained);
        Assert.Null(crossing.Last);
        Assert.Null(crossing.Stability);
    }

    [Fact]
    public void Four_in_a_row_do_not_sustain_and_a_run_that_ends_below_has_no_last_step()
    {
        var crossing = Observe(0.95, [1, 1, 1, 1, 0, 1, 1, 1, 1, double.NaN]);
        Assert.Equal(0, crossing.First);
        Assert.Null(crossing.Sustained);
        Assert.Null(crossing.Last);
    }

    [Fact]
    public void The_delay_compares_the_first_steps()
    {
        var milestones = Milestones.None.Observe(0, 0.01, 0.01).Observe(3000, 0.96, 0).Observe(3900, 1, 0.97).Observe(4000, 1, 1);
        Assert.Equal(3000, milestones.Memorised.First);
        Assert.Equal(3900, milestones.Grokked.First);
        Assert.Equal(3900, milestones.MemorisedStrictly.First);
        Assert.Equal(4000, milestones.GrokkedStrictly.First);
        Assert.Equal(1.3, milestones.DelayRatio!.Value, 1e-12);
        Assert.Equal(4000.0 / 3900, milestones.DelayRatioStrictly!.Value, 1e-12);
        Assert.Equal(900, milestones.Delay);
        Assert.True(milestones.IsDelayed(1.1));
        Assert.False(milestones.IsDelayed(2));
    }

    [Fact]
    public void Without_one_of_the_two_there_is_no_delay()
    {
        var memorised = Milestones.None.Observe(0, 0, 0).Observe(10, 1, 0);
        Assert.Null(memorised.DelayRatio);
        Assert.Null(memorised.Delay);
        Assert.False(memorised.IsDelayed(1));
        Assert.Null(Milestones.None.Observe(0, 1, 1).DelayRatio);
    }

    [Property]
    public void Every_crossing_is_the_one_that_the_whole_run_shows(byte[] hundredths)
    {
        // Three in four evaluations are above, so that streaks of every length occur.
        double[] accuracies = [.. hundredths.Select(value => value % 4 == 0 ? 0.5 : 0.9)];
        var above = accuracies.Select(accuracy => accuracy >= 0.8).ToArray();
        long? Step(int place) => place < 0 ? null : 10 * place;
        var crossing = Observe(0.8, accuracies);
        var sustained = Enumerable.Range(0, above.Length).Where(i => i + 5 <= above.Length && above[i..(i + 5)].All(yes => yes)).FirstOrDefault(-1);
        Assert.Equal(Step(Array.IndexOf(above, true)), crossing.First);
        Assert.Equal(Step(sustained), crossing.Sustained);
        Assert.Equal(above.Length == 0 || !above[^1] ? null : Step(Array.LastIndexOf(above, false) + 1), crossing.Last);
        Assert.Equal(sustained < 0 ? null : above[sustained..].Average(yes => yes ? 1.0 : 0), crossing.Stability);
    }

    private static Crossing Observe(double level, double[] accuracies) => accuracies
        .Select((accuracy, place) => (accuracy, step: 10L * place))
        .Aggregate(new Crossing(level), (crossing, seen) => crossing.Observe(seen.step, seen.accuracy));
}
