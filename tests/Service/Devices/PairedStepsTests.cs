using FsCheck.Xunit;
using Grokking.Host.Sweeps;

namespace Grokking.Service.Devices;

/// <summary>Two ways of training, by the steps at which the same runs grokked.</summary>
public class PairedStepsTests
{
    [Property]
    public void The_distance_is_the_largest_difference_of_the_shares_that_had_grokked_by_any_step(byte[] first, byte[] second)
    {
        PairedSteps steps = Of(first, second);
        double[] all = [.. steps.Pairs.SelectMany(pair => new[] { pair.First, pair.Second })];
        double Share(Func<(double First, double Second), double> side, double step) => steps.Pairs.Count(pair => side(pair) <= step) / (double)steps.Pairs.Length;
        double expected = all.Length == 0 ? 0 : all.Max(step => Math.Abs(Share(pair => pair.First, step) - Share(pair => pair.Second, step)));
        Assert.Equal(expected, steps.Distance, 12);
    }

    [Property(MaxTest = 30)]
    public void It_does_not_matter_which_way_is_called_the_first(byte[] first, byte[] second)
    {
        PairedSteps steps = Of(first, second), turned = Of(second, first);
        Assert.Equal((steps.Distance, steps.Equal), (turned.Distance, turned.Equal));
        Assert.InRange(steps.Chance(), 0.0001, 1);
    }

    [Fact]
    public void Ways_that_are_the_same_are_told_apart_by_chance_alone_and_ways_that_are_not_are_not()
    {
        double[] steps = [.. Enumerable.Range(100, 40)];
        var same = new PairedSteps([.. steps.Select(step => (step, step))]);
        var later = new PairedSteps([.. steps.Select(step => (step, step + 30))]);
        var never = new PairedSteps([.. steps.Select(step => (step, double.PositiveInfinity))]);

        Assert.Equal((40, 0, 0, 1), (same.Equal, same.Shift, same.Distance, same.Chance()));
        Assert.Equal((0, 30, 0.75), (later.Equal, later.Shift, later.Distance));
        Assert.InRange(later.Chance(), 0, 0.001);
        Assert.Equal((0, double.NaN, 1), (never.Equal, never.Shift, never.Distance));
        Assert.Equal(0.0001, never.Chance());
    }

    /// <summary>Under the hypothesis that the way does not matter, a chance of at most 5 % comes in about 5 % of the cases.</summary>
    [Fact]
    public void The_chance_is_one()
    {
        var random = new Random(3);
        int rare = 0;
        const int Cases = 100;
        for (int i = 0; i < Cases; i++)
            rare += new PairedSteps([.. Enumerable.Range(0, 16).Select(_ => ((double)random.Next(50), (double)random.Next(50)))]).Chance() <= 0.05 ? 1 : 0;
        // Of 100 cases of a probability of at most 0.05, more than 12 come with one of 0.0015.
        Assert.InRange(rare, 0, 12);
    }

    // The largest byte stands for a run that did not grok.
    private static PairedSteps Of(byte[] first, byte[] second)
    {
        static double Step(byte value) => value == byte.MaxValue ? double.PositiveInfinity : value;
        return new([.. first.Zip(second, (one, other) => (Step(one), Step(other)))]);
    }
}
