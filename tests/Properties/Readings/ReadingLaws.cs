using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Properties.Readings;

/// <summary>What every reading of the algebra owes to the definitions: values, derivatives, and that nothing is changed on the way.</summary>
[Properties(Arbitrary = [typeof(Applications), typeof(Learners)])]
public abstract partial class ReadingLaws<T>
    where T : ITensor<T>
{
    /// <summary>Sums of at most some hundred float64 products of numbers of size one, taken in any order.</summary>
    private const double OfPrimitives = 1e-12;

    /// <summary>A few hundred roundings between weights and loss or slope, relative to their size.</summary>
    private const double OfLosses = 1e-10;

    /// <summary>The step of a central difference: truncation h² times a third derivative below 1e4, and 1e-16/h from rounding.</summary>
    private const double Step = 1e-6;

    private const double OfDifferences = 1e-5;

    /// <summary>The reading with what it needs to differentiate an objective.</summary>
    protected abstract EagerReading<T> Reading(Objective objective);

    /// <summary>The slope of an objective along a direction: ⟨gradient, direction⟩.</summary>
    protected virtual double Slope(Objective objective, Parameters<Dense> at, Parameters<Dense> along)
    {
        var reading = Reading(objective);
        var (_, gradients) = reading.Differentiate(objective.Of, at.Map(reading.FromNumbers));
        return gradients.Values.Zip(along.Values).Sum(pair => Dot(reading.ToNumbers(pair.First), pair.Second));
    }

    [Property(MaxTest = 200)]
    public void Every_primitive_is_as_defined_and_leaves_its_inputs_alone(AnyApplication any)
    {
        var reading = Reading(new Objective.Weighed(any.Primitive, any.Value));
        ImmutableArray<T> inputs = [.. any.Inputs.Select(reading.FromNumbers)];
        var value = T.Apply(any.Primitive, inputs);
        Assert.Equal(any.Value.Shape, value.Shape);
        AssertNear(any.Value, reading.ToNumbers(value), OfPrimitives);
        AssertSame(reading.ToNumbers(value), reading.ToNumbers(T.Apply(any.Primitive, inputs)));
        Assert.All(any.Inputs.Zip(inputs), pair => AssertSame(pair.First, reading.ToNumbers(pair.Second)));
    }

    /// <summary>⟨gradient of ⟨u, f⟩, v⟩ = ⟨u, J·v⟩, where J·v is the primitive's own rule in numbers.</summary>
    [Property(MaxTest = 200)]
    public void The_slope_of_a_primitive_is_the_inner_product_with_its_derivative(AnyApplication any, int seed)
    {
        if (any.Inputs.IsEmpty)
        {
            return;
        }

        var random = new Random(seed);
        var at = Named(any.Inputs);
        var along = at.Map(input => Applications.Uniform(random, input.Shape, -1, 1));
        var cotangent = Applications.Uniform(random, any.Value.Shape, -1, 1);
        var change = any.Primitive.Pushforward(any.Inputs, along.Values, any.Value);
        var slope = Slope(new Objective.Weighed(any.Primitive, cotangent), at, along);
        AssertNear(Dot(cotangent, change), slope, OfPrimitives * (1 + Size(change)));
    }

    [Fact]
    public void Derivatives_are_the_definitions_where_there_is_a_choice()
    {
        AssertNear((1 + 3 + 4) / 3.0, SlopeOfSum(new Max(), [Row(3, 1, 3, 3)], [Row(1, 2, 3, 4)]), OfPrimitives);
        AssertNear(1, SlopeOfSum(new Maximum(), [Row(3), Row(3)], [Row(1), Row(0)]), OfPrimitives);
        AssertNear(0, SlopeOfSum(new Detach(), [Row(3)], [Row(1)]), OfPrimitives);

        // A row chosen twice receives both derivatives.
        var column = Axes.Of(1, 0);
        AssertNear(2, SlopeOfSum(new Gather(Indices.Of([1, 1, 2], 3)), [Tensor.Transpose(Row(1, 2, 3), column)], [Tensor.Transpose(Row(0, 1, 0), column)]), OfPrimitives);
    }

    [Fact]
    public void Not_a_number_passes_through()
    {
        var (x, one) = (Row(double.NaN, 1, -1), Row(1, 1, 1));
        (Primitive, ImmutableArray<Dense>)[] applications =
        [
            .. Applications.Elementwise.Select(primitive => ((Primitive)primitive, primitive.Arity == 1 ? ImmutableArray.Create(x) : [x, one])),
            (new Divide(), [one, x]), (new Maximum(), [one, x]), (new EqualTo(), [x, x]), (new Sum(Axes.Of(1)), [x]), (new MatMul(false, true), [x, one]),
        ];
        Assert.All(applications, application =>
        {
            var (primitive, inputs) = application;
            var reading = Reading(new Objective.Weighed(primitive, one));
            AssertNear(Dense.Apply(primitive, inputs), reading.ToNumbers(T.Apply(primitive, [.. inputs.Select(reading.FromNumbers)])), OfPrimitives);
        });
    }

    [Property(MaxTest = 40)]
    public void Losses_and_slopes_of_whole_networks_are_the_formulas(AnyLearner any, int seed)
    {
        var loss = new Objective.LossOf(any);
        var reading = Reading(loss);
        var along = Direction(any, seed);
        var (value, gradients) = Formula.ValueAndGradient(loss, any.Weights);
        AssertNear(value, reading.ToNumbers(loss.Of(any.Weights.Map(reading.FromNumbers))), OfLosses);
        var slope = gradients.Values.Zip(along.Values).Sum(pair => Dot(pair.First, pair.Second));
        AssertNear(slope, Slope(loss, any.Weights, along), OfLosses * (1 + gradients.Values.Sum(Size)));
    }

    [Property(MaxTest = 40)]
    public void Slopes_of_whole_networks_are_the_limits_of_differences(AnyLearner any, int seed)
    {
        var loss = new Objective.LossOf(any);
        var reading = Reading(loss);
        var along = Direction(any, seed);
        double At(double step) => reading.ToNumbers(loss.Of(
            any.Weights.With<T>([.. any.Weights.Values.Zip(along.Values, (weight, change) => reading.FromNumbers(weight + Tensor.Scale(change, step)))]))).Scalar;

        // A kink of the rectifier within the step shows as two different one-sided slopes; it is measure zero but not impossible.
        var slope = Slope(loss, any.Weights, along);
        var (right, left) = ((At(Step) - At(0)) / Step, (At(0) - At(-Step)) / Step);
        if (Math.Abs(right - left) < 1e-3 * (1 + Math.Abs(slope)))
        {
            AssertNear((right + left) / 2, slope, OfDifferences * (1 + Math.Abs(slope)));
        }
    }

    private double SlopeOfSum(Primitive primitive, ImmutableArray<Dense> inputs, ImmutableArray<Dense> along)
    {
        var shape = primitive.ShapeOf([.. inputs.Select(input => input.Shape)]);
        return Slope(new Objective.Weighed(primitive, Tensor.Fill<Dense>(shape, 1)), Named(inputs), Named(along));
    }

    private static Dense Row(params double[] values) => Dense.Of(Shape.Of(1, values.Length), values);

    private static Parameters<Dense> Direction(AnyLearner any, int seed)
    {
        var random = new Random(seed);
        return any.Weights.Map(weight => Applications.Uniform(random, weight.Shape, -1, 1));
    }

    private static Parameters<Dense> Named(ImmutableArray<Dense> inputs) => new([.. inputs.Select((_, place) => $"{place}")], inputs);

    private static double Dot(Dense a, Dense b) => a.Span.ToArray().Zip(b.Span.ToArray(), (x, y) => x * y).Sum();

    private static double Size(Dense x) => x.Span.ToArray().Sum(Math.Abs);

    private static void AssertSame(Dense expected, Dense actual) => Assert.Equal(
        expected.Span.ToArray().Select(BitConverter.DoubleToInt64Bits), actual.Span.ToArray().Select(BitConverter.DoubleToInt64Bits));

    private static void AssertNear(double expected, double actual, double bound) =>
        Assert.True(Math.Abs(expected - actual) <= bound, $"{actual:R} is not {expected:R} within {bound:R}.");

    /// <summary>Within a bound relative to the largest number (or 1); not a number only where expected.</summary>
    private static void AssertNear(Dense expected, Dense actual, double bound)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var largest = expected.Span.ToArray().Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        Assert.All(expected.Span.ToArray().Zip(actual.Span.ToArray()), pair =>
            Assert.True(pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= bound * largest, $"{pair.Second:R} is not {pair.First:R} within {bound * largest:R}."));
    }
}
