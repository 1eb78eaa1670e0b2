using FsCheck.Xunit;
using Grokking.Measures;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Keys)])]
public sealed class CircuitTests
{
    [Fact]
    public void The_toy_memorises_first_and_groks_as_computed_elsewhere()
    {
        var course = Course(0.1, 3000);
        Assert.Equal(1.540, course[10].MemorisingWeight, 5e-4);
        Assert.Equal(0.1264, course[100].TrainLoss, 5e-5);
        Assert.Equal(6.8471, course[100].TestLoss, 5e-5);
        Assert.Equal(403, course.FindIndex(state => state.TrainLoss < 0.1));
        Assert.Equal(892, course.FindIndex(state => state.TestLoss < 0.1));
        Assert.Equal(7.248, course[3000].GeneralisingWeight, 5e-4);
        Assert.Equal(0.906, course[3000].MemorisingWeight, 5e-4);
        Assert.Equal(0.0317, course[3000].TrainLoss, 5e-5);
        Assert.Equal(0.0777, course[3000].TestLoss, 5e-5);
        Assert.Equal(3000, course[3000].Step);
    }

    [Fact]
    public void At_a_tenth_of_the_rate_it_takes_ten_times_as_long()
    {
        var course = Course(0.01, 9000);
        Assert.Equal(3993, course.FindIndex(state => state.TrainLoss < 0.1));
        Assert.Equal(8870, course.FindIndex(state => state.TestLoss < 0.1));
    }

    [Fact]
    public void In_the_end_the_weights_are_shared_as_is_cheapest()
    {
        var end = Course(0.1, 3000)[^1];
        var share = CircuitCompetition.CheapestShare(CircuitCompetition.GeneralisingCost, CircuitCompetition.MemorisingCost, CircuitCompetition.Growth, 2);
        Assert.Equal(share, end.GeneralisingWeight / (end.GeneralisingWeight + end.MemorisingWeight), 1e-4);
    }

    [Theory]
    [InlineData(1.2, 0.888889)]
    [InlineData(0.5, 0.613512)]
    [InlineData(3, 1)]
    public void The_cheapest_share_is_the_known_one_and_that_of_a_numeric_search(double growth, double known)
    {
        var share = CircuitCompetition.CheapestShare(1, 2, growth, 2);
        Assert.Equal(known, share, 5e-7);
        Assert.Equal(Searched(1, 2, growth, 2), share, 1e-6);
    }

    [Property(MaxTest = 50)]
    public void The_cheapest_share_is_that_of_a_numeric_search(AnyKey key)
    {
        double Draw(ulong counter, double from, double to) => from + ((to - from) * key.Key.Uniform(counter));
        var (first, second, growth) = (Draw(0, 0.5, 3), Draw(1, 0.5, 3), Draw(2, 0.2, 1.6));
        Assert.Equal(Searched(first, second, growth, 2), CircuitCompetition.CheapestShare(first, second, growth, 2), 1e-6);
        Assert.Equal(1, CircuitCompetition.CheapestShare(first, second, growth, 2) + CircuitCompetition.CheapestShare(second, first, growth, 2), 1e-12);
    }

    [Fact]
    public void The_critical_size_is_where_memorising_becomes_the_dearer()
    {
        SizePoint[] memorising = [new(1600, 40), new(100, 10), new(400, 20)];
        // Level at 30: halfway from 400 to 1600 in the logarithm.
        Assert.Equal(800, CriticalSize.Of([.. memorising], [new(100, 30), new(1600, 30)])!.Value, 1e-9);
        Assert.Null(CriticalSize.Of([.. memorising], [new(100, 50), new(1600, 50)]));
        Assert.Null(CriticalSize.Of([.. memorising], [new(100, 5), new(1600, 5)]));
        // Between 100 and 400 the curves may have different sizes: 15 is reached at 200.
        Assert.Equal(200, CriticalSize.Of([.. memorising], [new(50, 15), new(3000, 15)])!.Value, 1e-9);
    }

    private static List<CircuitCompetition> Course(double rate, int steps)
    {
        List<CircuitCompetition> course = [CircuitCompetition.Start];
        for (var step = 0; step < steps; step++)
        {
            course.Add(course[^1].Next(rate));
        }

        return course;
    }

    /// <summary>The least of Σ (w^(1/κ) P)^q over w1 + w2 = 1: by thirds, where there is one least, and at the ends.</summary>
    private static double Searched(double first, double second, double growth, double exponent)
    {
        // The derivative's sign: sharper than comparing values near the least.
        double Slope(double w) => (Math.Pow(first, exponent) * Math.Pow(w, (exponent / growth) - 1)) - (Math.Pow(second, exponent) * Math.Pow(1 - w, (exponent / growth) - 1));
        double Cost(double w) => Math.Pow(Math.Pow(w, 1 / growth) * first, exponent) + Math.Pow(Math.Pow(1 - w, 1 / growth) * second, exponent);
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Slope(middle) < 0 ? (middle, high) : (low, middle);
        }

        return new[] { 0, low, 1 }.MinBy(Cost);
    }
}
