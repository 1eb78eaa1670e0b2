using System.Collections.Immutable;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>The sum over axes, which stay with length 1.</summary>
        public static T Sum<T>(T x, Axes axes)
            where T : ITensor<T> => axes.Count == 0 ? x : T.Apply(new Sum(axes), x);

        /// <summary>The largest element along the last axis, which stays with length 1.</summary>
        public static T Max<T>(T x)
            where T : ITensor<T> => T.Apply(new Max(), x);

        /// <summary>The place of the largest element along the last axis; the lowest among equals.</summary>
        public static T ArgMax<T>(T x)
            where T : ITensor<T> => T.Apply(new ArgMax(), x);
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>The sum over some axes, which stay with length 1. Adjoint of a broadcast.</summary>
    public sealed record Sum(Axes Over) : Primitive
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && Over.Values.All(axis => axis >= 0 && axis < inputs[0].Rank), inputs, $"axes {Over} must exist");
            return inputs[0].Reduced(Over);
        }

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var input = inputs[0];
            var shape = input.Shape.Reduced(Over);
            var sums = new double[shape.Count];
            var position = new int[input.Shape.Rank];
            var reduced = new int[input.Shape.Rank];
            foreach (var value in input.Span)
            {
                for (var axis = 0; axis < position.Length; axis++)
                {
                    reduced[axis] = Over.Contains(axis) ? 0 : position[axis];
                }

                sums[Dense.Flat(reduced, shape)] += value;
                Dense.Advance(position, input.Shape);
            }

            return Dense.Own(shape, sums);
        }

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => Tensor.Sum(tangents[0], Over);

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) =>
            [Tensor.BroadcastTo(cotangent, inputs[0].Shape)];
    }

    /// <summary>
    /// The largest element along the last axis, which stays with length 1. NaN if any element is. Where several elements are
    /// largest, each receives an equal part of the derivative.
    /// </summary>
    public sealed record Max : Primitive
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && inputs[0].Rank >= 1 && inputs[0][inputs[0].Rank - 1] >= 1, inputs, "it needs a last axis with elements");
            return inputs[0].With(inputs[0].Rank - 1, 1);
        }

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var input = inputs[0];
            var width = input.Shape[input.Shape.Rank - 1];
            var largest = new double[input.Shape.Count / width];
            for (var row = 0; row < largest.Length; row++)
            {
                largest[row] = double.NegativeInfinity;
                foreach (var value in input.Span.Slice(row * width, width))
                {
                    largest[row] = Math.Max(largest[row], value);
                }
            }

            return Dense.Own(input.Shape.With(input.Shape.Rank - 1, 1), largest);
        }

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output)
        {
            var last = Axes.Of(output.Shape.Rank - 1);
            var largest = Tensor.EqualTo(inputs[0], output);
            return Tensor.Sum(largest * tangents[0], last) / Tensor.Sum(largest, last);
        }

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent)
        {
            var largest = Tensor.EqualTo(inputs[0], output);
            return [largest * (cotangent / Tensor.Sum(largest, Axes.Of(output.Shape.Rank - 1)))];
        }
    }

    /// <summary>
    /// The place of the largest element along the last axis (which stays with length 1), as a number; the lowest place among equals;
    /// NaN counts as larger than every number. Its derivative is 0.
    /// </summary>
    public sealed record ArgMax : Primitive
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && inputs[0].Rank >= 1 && inputs[0][inputs[0].Rank - 1] >= 1, inputs, "it needs a last axis with elements");
            return inputs[0].With(inputs[0].Rank - 1, 1);
        }

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var input = inputs[0];
            var width = input.Shape[input.Shape.Rank - 1];
            var places = new double[input.Shape.Count / width];
            for (var row = 0; row < places.Length; row++)
            {
                var values = input.Span.Slice(row * width, width);
                var best = 0;
                for (var place = 1; place < width; place++)
                {
                    if (values[place] > values[best] || (double.IsNaN(values[place]) && !double.IsNaN(values[best])))
                    {
                        best = place;
                    }
                }

                places[row] = best;
            }

            return Dense.Own(input.Shape.With(input.Shape.Rank - 1, 1), places);
        }

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => Tensor.Fill<T>(output.Shape, 0);

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) => [Tensor.Fill<T>(inputs[0].Shape, 0)];
    }
}
