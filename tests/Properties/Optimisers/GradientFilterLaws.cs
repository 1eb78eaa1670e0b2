using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;

namespace Grokking.Properties.Optimisers;

/// <summary>A weight and the gradients that it meets, all of one shape.</summary>
public sealed record AnySlope(Dense Weight, ImmutableArray<Dense> Gradients)
{
    public override string ToString() => $"{Gradients.Length} gradients of shape {Weight.Shape}";
}

public static class Slopes
{
    public static Arbitrary<AnySlope> AnySlopes() => Arb.From(
        from shape in Gen.Elements(Shape.Of(2), Shape.Of(5), Shape.Of(3, 2), Shape.Of(2, 1, 4))
        from steps in Gen.Choose(1, 12)
        from seed in Gen.Choose(0, int.MaxValue)
        let random = new Random(seed)
        select new AnySlope(Applications.Uniform(random, shape, -2, 2), [.. Enumerable.Range(0, steps).Select(_ => Applications.Uniform(random, shape, -1, 1))]));
}

/// <summary>What holds for every filter; then each against what its paper says, written a second time for plain arrays.</summary>
[Properties(Arbitrary = [typeof(Slopes), typeof(Filters)])]
public class GradientFilterLaws
{
    /// <summary>A few roundings per step over a dozen steps.</summary>
    private const double Rounding = 1e-13;

    /// <summary>What ⟨w, o⟩ may be of ‖w‖‖g‖ (arXiv 2501.04697's measure in float32; float64 stays far below).</summary>
    private const double RightAngle = 1e-12;

    [Property]
    public void Every_coefficient_and_slot_has_a_name_of_its_own(AnyFilter any, byte step)
    {
        var values = Enumerable.Repeat(double.NaN, any.Filter.CoefficientNames.Length).ToArray();
        any.Filter.WriteCoefficients(step, values);
        Assert.All(values, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(values.Length, any.Filter.CoefficientNames.Distinct().Count());
        Assert.Equal(any.Filter.Slots.Length, any.Filter.Slots.Select(slot => slot.Name).Distinct().Count());
    }

    [Property]
    public void What_is_left_and_remembered_has_the_declared_shapes(AnyFilter any, AnySlope slope)
    {
        ImmutableArray<Dense> slots = [.. any.Filter.Slots.Select(slot => Tensor.Fill<Dense>(slot.ShapeFor(slope.Weight.Shape), 0))];
        var (gradient, kept) = any.Filter.Apply(slope.Weight, slope.Gradients[0], slots, At(any.Filter, 0));
        Assert.Equal(slope.Weight.Shape, gradient.Shape);
        Assert.Equal(slots.Select(slot => slot.Shape), kept.Select(slot => slot.Shape));
    }

    [Property]
    public void A_gradient_of_zero_stays_zero(AnyFilter any, AnySlope slope)
    {
        var zero = Tensor.Fill<Dense>(slope.Weight.Shape, 0);
        Assert.All(Filtered(any.Filter, slope with { Gradients = [.. slope.Gradients.Select(_ => zero)] }), left => Assert.Equal(zero.Span.ToArray(), left.Span.ToArray()));
    }

    [Property]
    public void The_exponential_average_starts_at_the_first_gradient_and_is_added(AnySlope slope, byte memory, byte amplification)
    {
        var filter = new GrokfastEma { Memory = memory / 256.0, Amplification = amplification / 50.0 };
        var slow = slope.Gradients[0].Span.ToArray();
        foreach (var (g, left) in slope.Gradients.Zip(Filtered(filter, slope)))
        {
            slow = [.. slow.Zip(g.Span.ToArray(), (mu, now) => mu + ((1 - filter.Memory) * (now - mu)))];
            AssertClose(g.Span.ToArray().Zip(slow, (now, mu) => now + (filter.Amplification * mu)), left);
        }
    }

    [Property]
    public void A_gradient_that_stays_is_multiplied_by_one_and_the_amplification(AnySlope slope, byte memory, byte amplification)
    {
        var filter = new GrokfastEma { Memory = memory / 256.0, Amplification = amplification / 50.0 };
        var always = slope with { Gradients = [.. slope.Gradients.Select(_ => slope.Gradients[0])] };
        Assert.All(Filtered(filter, always), left => AssertClose(slope.Gradients[0].Span.ToArray().Select(g => (1 + filter.Amplification) * g), left));
    }

    [Property]
    public void The_moving_average_is_added_only_once_there_are_enough_gradients(AnySlope slope, byte window, byte amplification)
    {
        var filter = new GrokfastMa { Window = 1 + (window % 6), Amplification = amplification / 50.0 };
        var queue = new Queue<double[]>();
        foreach (var (g, left) in slope.Gradients.Zip(Filtered(filter, slope)))
        {
            var now = g.Span.ToArray();
            queue.Enqueue(now);
            if (queue.Count > filter.Window)
            {
                queue.Dequeue();
            }

            if (queue.Count < filter.Window)
            {
                Assert.Equal(now, left.Span.ToArray());
            }
            else
            {
                AssertClose(now.Select((x, i) => x + (filter.Amplification * queue.Average(past => past[i]))), left);
            }
        }
    }

    [Property]
    public void What_is_left_stands_at_right_angles_to_the_weight(AnySlope slope, bool rescale)
    {
        var g = slope.Gradients[0];
        var left = Filtered(new OrthogonalGradient { Rescale = rescale }, slope)[0];
        Assert.True(Math.Abs(Dot(slope.Weight, left)) <= RightAngle * Math.Sqrt(Dot(slope.Weight, slope.Weight) * Dot(g, g)), $"{Dot(slope.Weight, left):R}");

        // It is the gradient but for a part along the weight. Where nearly all is along it, what is left is known to fewer digits.
        var along = Dot(slope.Weight, g) / Dot(slope.Weight, slope.Weight);
        var expected = g.Span.ToArray().Zip(slope.Weight.Span.ToArray(), (x, w) => x - (along * w)).ToArray();
        var size = Math.Sqrt(Dot(g, g) / expected.Sum(x => x * x));
        AssertClose(expected.Select(x => rescale ? size * x : x), left, Rounding * size * size);
    }

    [Property]
    public void Rescaled_it_is_as_long_as_the_gradient_and_otherwise_not_longer(AnySlope slope)
    {
        double Length(bool rescale) => Math.Sqrt(Filtered(new OrthogonalGradient { Rescale = rescale }, slope)[0] is var left ? Dot(left, left) : 0);
        var length = Math.Sqrt(Dot(slope.Gradients[0], slope.Gradients[0]));
        Assert.Equal(length, Length(rescale: true), Rounding * 10);
        Assert.True(Length(rescale: false) <= length * (1 + Rounding));
    }

    [Property]
    public void A_weight_of_zero_leaves_the_gradient(AnySlope slope, bool rescale)
    {
        var zero = slope with { Weight = Tensor.Fill<Dense>(slope.Weight.Shape, 0) };
        AssertClose(slope.Gradients[0].Span.ToArray(), Filtered(new OrthogonalGradient { Rescale = rescale }, zero)[0]);
    }

    [Property]
    public void A_gradient_along_the_weight_leaves_no_more_than_rounding(AnySlope slope, int factor, bool rescale)
    {
        var along = slope with { Gradients = [Tensor.Scale(slope.Weight, factor / 7.0)] };
        var left = Filtered(new OrthogonalGradient { Rescale = rescale }, along)[0];
        AssertClose(left.Span.ToArray().Select(_ => 0.0), left, Rounding * (1 + Math.Abs(factor)));
    }

    internal static Coefficients<Dense> At(GradientFilter filter, long step)
    {
        var numbers = new double[filter.CoefficientNames.Length];
        filter.WriteCoefficients(step, numbers);
        return new(filter.CoefficientNames.Zip(numbers).ToDictionary(pair => pair.First, pair => Dense.Number(pair.Second)));
    }

    private static ImmutableArray<Dense> Filtered(GradientFilter filter, AnySlope slope)
    {
        ImmutableArray<Dense> slots = [.. filter.Slots.Select(slot => Tensor.Fill<Dense>(slot.ShapeFor(slope.Weight.Shape), 0))];
        var left = ImmutableArray.CreateBuilder<Dense>();
        foreach (var (step, gradient) in slope.Gradients.Index())
        {
            (var next, slots) = filter.Apply(slope.Weight, gradient, slots, At(filter, step));
            left.Add(next);
        }

        return left.ToImmutable();
    }

    private static double Dot(Dense a, Dense b) => a.Span.ToArray().Zip(b.Span.ToArray(), (x, y) => x * y).Sum();

    private static void AssertClose(IEnumerable<double> expected, Dense actual, double bound = Rounding) => Assert.All(
        expected.Zip(actual.Span.ToArray()),
        pair => Assert.True(Math.Abs(pair.First - pair.Second) <= bound * (1 + Math.Abs(pair.First)), $"{pair.Second:R} is not {pair.First:R} within {bound:R}."));
}
