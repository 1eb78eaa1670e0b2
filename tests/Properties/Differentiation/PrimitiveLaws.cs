using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Differentiation;

/// <summary>
/// Every primitive's entry is bound by laws: its shape rule and its derivative. That its two derivatives are adjoint, and values in other
/// readings, are laws of <see cref="Readings.ReadingLaws{T}"/>.
/// </summary>
[Properties(Arbitrary = [typeof(Applications)])]
public class PrimitiveLaws
{
    /// <summary>Central differences at this step: truncation about h² = 1e-10 times a third derivative below 1e3, rounding about 1e-16/h.</summary>
    private const double Step = 1e-5;

    private const double DifferenceError = 1e-6;

    /// <summary>Slopes to both sides of a point that differ by more than this are those of a corner: no second derivative here is larger than a few hundred.</summary>
    private const double Bend = 0.01;

    [Property(MaxTest = 400)]
    public bool The_shape_rule_tells_the_shape_of_the_value(AnyApplication any) =>
        any.Primitive.ShapeOf([.. any.Inputs.Select(input => input.Shape)]).Equals(any.Primitive.Evaluate(any.Inputs).Shape);

    [Property(MaxTest = 400)]
    public void Forward_mode_is_the_limit_of_differences(AnyApplication any, int seed)
    {
        // The one primitive whose derivative is not its value's, by intention.
        if (any.Primitive is Detach)
        {
            return;
        }

        var random = new Random(seed);
        var tangents = any.Inputs.Select(input => Applications.Uniform(random, input.Shape, -1, 1)).ToImmutableArray();
        var output = any.Value;
        var forward = any.Primitive.Pushforward(any.Inputs, tangents, output);
        Dense At(double step) => any.Primitive.Evaluate(Moved(any.Inputs, tangents, step));
        var (above, below, halfAbove, halfBelow) = (At(Step), At(-Step), At(Step / 2), At(-Step / 2));
        for (var i = 0; i < forward.Shape.Count; i++)
        {
            // Where a comparison or a maximum changes sides within the step, the difference is no derivative: the slopes to the left and to the right
            // differ if it is near, and those over the step and over half of it if it is not.
            var (right, left) = (above.Span[i] - output.Span[i], output.Span[i] - below.Span[i]);
            var slope = (right + left) / (2 * Step);
            if (Math.Abs(right - left) < Bend * Step && Math.Abs(slope - ((halfAbove.Span[i] - halfBelow.Span[i]) / Step)) < DifferenceError * (1 + Math.Abs(slope)))
            {
                AssertClose(slope, forward.Span[i], DifferenceError * (1 + Math.Abs(forward.Span[i])));
            }
        }
    }

    [Fact]
    public void Every_primitive_is_among_the_applications()
    {
        var primitives = typeof(Primitive).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Primitive)) && !type.IsAbstract);
        var tried = Applications.Kinds.Select(kind => kind(new Random(1), 3, 2, 2).Primitive.GetType()).ToHashSet();
        var exempt = new[] { typeof(Variable), typeof(Literal) };
        Assert.Empty(primitives.Except(tried).Except(exempt));
    }

    [Fact]
    public void A_product_needs_no_room_but_for_its_own_result()
    {
        // Asked for shapes only: 60,000² would be too many elements, and neither factor nor result has as many.
        var shape = new MatMul(true, false).ShapeOf([Shape.Of(100, 60_000), Shape.Of(100, 3)]);
        Assert.Equal(Shape.Of(60_000, 3), shape);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named_in_the_message()
    {
        var a = Tensor.Fill<Dense>(Shape.Of(2, 3), 1);
        var b = Tensor.Fill<Dense>(Shape.Of(4, 5), 1);
        Assert.Contains("[2, 3] and [4, 5]", Assert.Throws<ArgumentException>(() => Tensor.MatMul(a, b)).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3] and [4, 5]", Assert.Throws<ArgumentException>(() => a + b).Message, StringComparison.Ordinal);
    }

    internal static double Dot(Dense a, Dense b) => a.Span.ToArray().Zip(b.Span.ToArray(), (x, y) => x * y).Sum();

    internal static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{actual:R} is not {expected:R} within {tolerance:R}.");

    private static ImmutableArray<Dense> Moved(ImmutableArray<Dense> inputs, ImmutableArray<Dense> tangents, double step) =>
        [.. inputs.Zip(tangents, (input, tangent) => input + Tensor.Scale(tangent, step))];
}
