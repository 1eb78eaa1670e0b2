using Grokking.Host.Figures.Plots;

namespace Grokking.Service.Figures;

/// <summary>Axes: where values stand, and which marks a reader sees.</summary>
public class AxisTests
{
    [Fact]
    public void Logarithmic_ticks_are_decades_with_their_multiples_between_them()
    {
        Tick[] ticks = [.. Ticks.Of(new Axis("steps", 10, 1000, true))];

        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000], ticks.Select(tick => tick.Value));
        Assert.Equal(["10", "100", "1,000"], ticks.Select(tick => tick.Label).Where(label => label.Length > 0));
    }

    [Theory]
    [InlineData(0.0001, 100, "0.0001 0.001 0.01 0.1 1 10 100")]
    [InlineData(1e-12, 1, "10⁻¹² 10⁻¹⁰ 10⁻⁸ 10⁻⁶ 0.0001 0.01 1")]
    [InlineData(100, 400, "100 200")]
    [InlineData(300, 700, "300 400 500 600 700")]
    [InlineData(2.5e6, 2.5e7, "3×10⁶ 10⁷")]
    public void Any_logarithmic_range_has_at_least_two_labels_and_not_too_many(double from, double to, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Of(new Axis("", from, to, true)).Select(tick => tick.Label).Where(label => label.Length > 0)));

    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(-3, 4, "−2 0 2 4")]
    [InlineData(0, 6000, "0 1,000 2,000 3,000 4,000 5,000 6,000")]
    [InlineData(0.01031, 0.01069, "0.0104 0.0105 0.0106")]
    public void Linear_ticks_are_round_steps(double from, double to, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Of(new Axis("", from, to, false)).Select(tick => tick.Label)));

    [Fact]
    public void A_decade_is_as_long_as_the_next_one()
    {
        var axis = new Axis("", 1, 100, true);

        Assert.Equal(0.5, axis.Share(10), 12);
        Assert.False(axis.Shows(0));
        Assert.False(axis.Shows(double.NaN));
        Assert.False(axis.Shows(101));
    }

    [Fact]
    public void Values_have_room_and_a_quantity_that_is_never_negative_has_none_below_zero()
    {
        Axis linear = Axis.Around("", [0.01, 1], false);
        Axis logarithmic = Axis.Around("", [0, 10, double.NaN, 1000], true);

        Assert.Equal(0, linear.From);
        Assert.InRange(linear.To, 1.001, 1.1);
        Assert.InRange(logarithmic.From, 7, 9.99);
        Assert.InRange(logarithmic.To, 1001, 1400);
        Assert.All([Axis.Around("", [], true), Axis.Around("", [3, 3], true), Axis.Around("", [0, 0], false)], axis => Assert.True(axis.From < axis.To));
    }
}
