using FsCheck.Xunit;
using Grokking.Measures;
using Grokking.Properties.Arbitraries;
using Grokking.Training;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Keys)])]
public sealed class SpikeDetectorTests
{
    private const double Floor = 1e-6;

    [Fact]
    public void A_spike_has_a_start_a_peak_and_an_end()
    {
        // Level 1; opens at 3, closes at 1.5.
        var losses = Level(60, 1).Concat([2.9, 3.1, 8, 5, 1.6, 1.4]).Concat(Level(20, 1));
        var spike = Assert.Single(Observe(losses).Spikes);
        Assert.Equal((61, 62, 65, false), (spike.Start, spike.Peak, spike.End, spike.IsShift));
        Assert.Equal(8, spike.Ratio, 1e-9);
        Assert.True(double.IsNaN(spike.LowestTrainAccuracy) && double.IsNaN(spike.TestRatio));
        Assert.False(spike.IsSlingshotLike);
    }

    [Fact]
    public void Nothing_opens_before_fifty_observations()
    {
        Assert.Empty(Observe([.. Level(49, 1), 100, 1, 1]).Spikes);
        Assert.Single(Observe([.. Level(50, 1), 100, 1, 1]).Spikes);
    }

    [Fact]
    public void A_falling_loss_is_no_spike_and_the_reference_follows_it()
    {
        // Tenfold every 200 observations: the median of 50 lags by a factor of 1.3.
        var falling = Enumerable.Range(0, 1000).Select(i => Math.Pow(10, -i / 200.0)).ToList();
        Assert.Empty(Observe(falling).Spikes);
        Assert.Equal(1000, Assert.Single(Observe([.. falling, 5e-5]).Spikes).Start);
    }

    [Fact]
    public void A_loss_below_the_floor_counts_as_the_floor()
    {
        Assert.Empty(Observe([.. Level(50, 1e-12), 2.9 * Floor, 1e-12]).Spikes);
        Assert.Equal(4, Observe([.. Level(50, 1e-12), 4 * Floor, 1e-12]).Spikes[0].Ratio, 1e-9);
    }

    [Fact]
    public void A_level_that_stays_is_a_shift_and_becomes_the_reference()
    {
        var detector = Observe([.. Level(50, 1), .. Level(499, 10)]);
        Assert.False(detector.Spikes[0].IsShift);
        Assert.Equal(499, detector.OpenFor);
        var shifted = Observe([.. Level(50, 1), .. Level(600, 10), 40, 10]);
        Assert.Equal([(50L, 549L, true), (650L, 651L, false)], shifted.Spikes.Select(spike => (spike.Start, spike.End, spike.IsShift)));
        Assert.Equal(4, shifted.Spikes[1].Ratio, 1e-9);
    }

    [Fact]
    public void Evaluations_inside_say_how_far_it_went_and_whether_the_test_loss_rose_too()
    {
        var detector = Observe(Level(50, 1)).Evaluated(2, 1, 0.9)
            .Observe(50, 5).Evaluated(2.5, 0.8, 0.85).Observe(51, 6).Evaluated(3.5, 0.9, 0.7).Observe(52, 1).Evaluated(2, 1, 0.1);
        var spike = Assert.Single(detector.Spikes);
        Assert.Equal((0.8, 0.7, 1.75), (spike.LowestTrainAccuracy, spike.LowestTestAccuracy, spike.TestRatio));
        Assert.True(spike.IsSlingshotLike);
        Assert.Equal(1, detector.CountFrom(50));
        Assert.Equal(0, detector.CountFrom(51));
        Assert.Equal(2, detector.TestReference);
    }

    [Fact]
    public void What_is_no_number_is_passed_over_and_an_infinite_loss_is_a_spike()
    {
        var calm = Observe(Level(50, 1));
        Assert.Same(calm, calm.Observe(50, double.NaN));
        Assert.Equal(double.PositiveInfinity, calm.Observe(50, double.PositiveInfinity).Spikes[0].Ratio);
    }

    [Property(MaxTest = 60)]
    public void Spikes_are_those_of_the_whole_course(AnyKey key, bool quiet)
    {
        // A random walk with jumps, up and down; now and then it stays up for long.
        var level = 0.0;
        double[] losses = [.. Enumerable.Range(0, 1500).Select(i =>
        {
            level = (0.98 * level) + (0.05 * key.Key.Normal((ulong)i)) + (key.Key.Split("jump").Below(quiet ? 400 : 40, (ulong)i) == 0 ? 0.9 : 0);
            return Math.Pow(10, level + (i > 900 ? 1 : 0) - 2);
        })];
        Assert.Equal(Wholly(losses), Observe(losses).Spikes.Select(spike => (spike.Start, spike.Peak, spike.End, spike.IsShift)));
    }

    [Property(MaxTest = 30)]
    public void The_unit_of_the_loss_does_not_matter(AnyKey key)
    {
        double[] losses = [.. Enumerable.Range(0, 400).Select(i => Math.Pow(10, (0.1 * key.Key.Normal((ulong)i)) + (i % 97 == 96 ? 1 : 0)))];
        var (one, other) = (Observe(losses), Observe(losses.Select(loss => 1024 * loss)));
        Assert.NotEmpty(one.Spikes);
        Assert.Equal(one.Spikes.Select(spike => (spike.Start, spike.Peak, spike.End)), other.Spikes.Select(spike => (spike.Start, spike.Peak, spike.End)));
    }

    [Fact]
    public void The_floor_is_a_ten_thousandth_of_what_uniform_logits_have()
    {
        Assert.Equal(1e-4 * Math.Log(97), SpikeDetector.For(new Loss.CrossEntropy(), 97).Floor, 1e-12);
        Assert.Equal(1e-4 / 97, SpikeDetector.For(new Loss.MeanSquaredError(), 97).Floor, 1e-12);
    }

    [Fact]
    public void A_collapse_comes_after_grokking_and_takes_five_evaluations()
    {
        var collapse = Collapsed([.. Level(5, 0.99), 0.4, 0.4, 0.4, 0.4, 0.6, .. Level(5, 0.3)]);
        Assert.Equal((150, 1), (collapse.First, collapse.Count));
        Assert.Null(collapse.Recovered);
        // Steps 50, 60 … : high until 90, low until 190.
        Assert.Equal(200, Collapsed([.. Level(5, 0.99), .. Level(10, 0.4), 0.97, .. Level(7, 0.96)]).Recovered);
        Assert.Null(Collapsed([.. Level(4, 0.99), .. Level(9, 0.1)]).First);
        Assert.Null(Collapsed([.. Level(9, 0.99), .. Level(4, 0.1)]).First);
        Assert.Equal(2, Collapsed([.. Level(5, 1), .. Level(5, 0), .. Level(5, 1), .. Level(5, double.NaN)]).Count);
    }

    [Fact]
    public void Weights_that_died_away_with_the_answers_have_collapsed()
    {
        var seen = WeightCollapse.None.Observe(0, 1, 0.02, 0.02).Observe(1, 2, 1, 0.02).Observe(2, 0.1, 0.9, 0.02);
        Assert.Null(seen.Step);
        Assert.Equal(3, seen.Observe(3, 0.19, 0.03, 0.02).Observe(4, 0.1, 0.02, 0.02).Step);
        Assert.Null(seen.Observe(3, 0.21, 0.03, 0.02).Step);
    }

    private static IEnumerable<double> Level(int count, double loss) => Enumerable.Repeat(loss, count);

    private static SpikeDetector Observe(IEnumerable<double> losses) => losses
        .Select((loss, step) => (loss, step: (long)step))
        .Aggregate(new SpikeDetector(Floor), (detector, seen) => detector.Observe(seen.step, seen.loss));

    private static Collapse Collapsed(IEnumerable<double> accuracies) => accuracies
        .Select((accuracy, place) => (accuracy, step: 10L * (place + 5)))
        .Aggregate(Collapse.None, (collapse, seen) => collapse.Observe(seen.step, seen.accuracy));

    /// <summary>The same from the definition, looking at everything at once.</summary>
    private static IEnumerable<(long Start, long Peak, long End, bool IsShift)> Wholly(double[] losses)
    {
        var calm = new List<double>();
        for (var i = 0; i < losses.Length; i++)
        {
            double Level(int at) => Math.Log10(Math.Max(losses[at], Floor));
            if (calm.Count < 50 || Level(i) - Median(calm) < Math.Log10(3))
            {
                calm.Add(Level(i));
                continue;
            }

            var reference = Median(calm);
            var end = Enumerable.Range(i + 1, losses.Length - i - 1).FirstOrDefault(at => Level(at) - reference <= Math.Log10(1.5), -1);
            var isShift = end < 0 ? losses.Length - i >= 500 : end - i >= 500;
            var last = isShift ? i + 499 : end < 0 ? losses.Length - 1 : end;
            var peak = Enumerable.Range(i, last - i + 1).MaxBy(at => losses[at]);
            yield return (i, peak, last, isShift);
            if (isShift)
            {
                calm = [.. Enumerable.Range(last - 49, 50).Select(Level)];
            }
            else
            {
                calm.Add(Level(last));
            }

            i = last;
        }
    }

    private static double Median(List<double> calm) => calm.TakeLast(50).Order().Skip(24).Take(2).Average();
}
