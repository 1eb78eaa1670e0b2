using System.Collections.Immutable;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>Repeated up to a larger shape.</summary>
        public static T BroadcastTo<T>(T x, Shape shape)
            where T : ITensor<T> => x.Shape.Equals(shape) ? x : T.Apply(new BroadcastTo(shape), x);

        /// <summary>The same elements under another shape.</summary>
        public static T Reshape<T>(T x, Shape shape)
            where T : ITensor<T> => x.Shape.Equals(shape) ? x : T.Apply(new Reshape(shape), x);

        /// <summary>Axes in another order.</summary>
        public static T Transpose<T>(T x, Axes order)
            where T : ITensor<T> => T.Apply(new Transpose(order), x);

        /// <summary>The last two axes exchanged.</summary>
        public static T Transpose<T>(T x)
            where T : ITensor<T>
        {
            var rank = x.Shape.Rank;
            return Transpose(x, Axes.Of([.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]));
        }

        /// <summary>A contiguous part of one axis.</summary>
        public static T Slice<T>(T x, int axis, int start, int length)
            where T : ITensor<T> => start == 0 && length == x.Shape[axis] ? x : T.Apply(new Slice(axis, start, length), x);

        /// <summary>Zeros around one axis, up to a total length.</summary>
        public static T Pad<T>(T x, int axis, int start, int total)
            where T : ITensor<T> => start == 0 && total == x.Shape[axis] ? x : T.Apply(new Pad(axis, start, total), x);
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>A linear primitive that only moves elements about; its derivative is itself, and each has its adjoint here or in Reductions.</summary>
    public abstract record Movement : Primitive
    {
        /// <summary>For an output position, the input position that it copies; negative anywhere means 0.</summary>
        private protected abstract void Source(ReadOnlySpan<int> output, Span<int> input, Shape inputShape);

        /// <summary>The adjoint movement, applied to a cotangent.</summary>
        private protected abstract T Adjoint<T>(T cotangent, Shape inputShape)
            where T : ITensor<T>;

        /// <inheritdoc/>
        public sealed override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var input = inputs[0];
            var shape = ShapeOf([input.Shape]);
            var source = new int[input.Shape.Rank];
            return Dense.Build(shape, position =>
            {
                Source(position, source, input.Shape);
                return Array.Exists(source, place => place < 0) ? 0 : input.Span[Dense.Flat(source, input.Shape)];
            });
        }

        /// <inheritdoc/>
        public sealed override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => T.Apply(this, tangents[0]);

        /// <inheritdoc/>
        public sealed override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) => [Adjoint(cotangent, inputs[0].Shape)];
    }

    /// <summary>Elements repeated along axes of length 1, and along new leading axes, up to a larger shape. Adjoint of a sum.</summary>
    public sealed record BroadcastTo(Shape Target) : Movement
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && Shape.Broadcast(inputs[0], Target).Equals(Target), inputs, $"it must stretch to {Target}");
            return Target;
        }

        /// <inheritdoc/>
        private protected override void Source(ReadOnlySpan<int> output, Span<int> input, Shape inputShape)
        {
            var added = Target.Rank - inputShape.Rank;
            for (var axis = 0; axis < inputShape.Rank; axis++)
            {
                input[axis] = inputShape[axis] == 1 ? 0 : output[axis + added];
            }
        }

        /// <inheritdoc/>
        private protected override T Adjoint<T>(T cotangent, Shape inputShape)
        {
            var added = Target.Rank - inputShape.Rank;
            var stretched = Enumerable.Range(0, Target.Rank).Where(axis => axis < added || (inputShape[axis - added] == 1 && Target[axis] != 1));
            return Tensor.Reshape(Tensor.Sum(cotangent, Axes.Of([.. stretched])), inputShape);
        }
    }

    /// <summary>The same elements in row-major order under another shape.</summary>
    public sealed record Reshape(Shape Target) : Movement
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && inputs[0].Count == Target.Count, inputs, $"{Target} has {Target.Count} elements");
            return Target;
        }

        /// <inheritdoc/>
        private protected override void Source(ReadOnlySpan<int> output, Span<int> input, Shape inputShape)
        {
            var flat = Dense.Flat(output, Target);
            for (var axis = inputShape.Rank - 1; axis >= 0; axis--)
            {
                (flat, input[axis]) = Math.DivRem(flat, inputShape[axis]);
            }
        }

        /// <inheritdoc/>
        private protected override T Adjoint<T>(T cotangent, Shape inputShape) => Tensor.Reshape(cotangent, inputShape);
    }

    /// <summary>Axes in another order: axis i of the result is axis Order[i] of the input.</summary>
    public sealed record Transpose(Axes Order) : Movement
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            var each = Order.Values.Order().SequenceEqual(Enumerable.Range(0, Order.Count));
            Require(inputs.Length == 1 && inputs[0].Rank == Order.Count && each, inputs, $"{Order} must list each axis once");
            return inputs[0].Permuted(Order);
        }

        /// <inheritdoc/>
        private protected override void Source(ReadOnlySpan<int> output, Span<int> input, Shape inputShape)
        {
            for (var axis = 0; axis < Order.Count; axis++)
            {
                input[Order[axis]] = output[axis];
            }
        }

        /// <inheritdoc/>
        private protected override T Adjoint<T>(T cotangent, Shape inputShape) => Tensor.Transpose(cotangent, Order.Inverse());
    }

    /// <summary>A contiguous part of one axis: places Start … Start + Length − 1. Adjoint of <see cref="Pad"/>.</summary>
    public sealed record Slice(int Axis, int Start, int Length) : Movement
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            var fits = inputs.Length == 1 && Axis >= 0 && Axis < inputs[0].Rank && Start >= 0 && Length >= 0 && Start <= inputs[0][Axis] - Length;
            Require(fits, inputs, $"places {Start} … {Start + Length - 1} must exist on axis {Axis}");
            return inputs[0].With(Axis, Length);
        }

        /// <inheritdoc/>
        private protected override void Source(ReadOnlySpan<int> output, Span<int> input, Shape inputShape)
        {
            output.CopyTo(input);
            input[Axis] += Start;
        }

        /// <inheritdoc/>
        private protected override T Adjoint<T>(T cotangent, Shape inputShape) => Tensor.Pad(cotangent, Axis, Start, inputShape[Axis]);
    }

    /// <summary>Zeros around one axis: the input lies at Start … of an axis that is Total long. Adjoint of <see cref="Slice"/>.</summary>
    public sealed record Pad(int Axis, int Start, int Total) : Movement
    {
        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            var fits = inputs.Length == 1 && Axis >= 0 && Axis < inputs[0].Rank && Start >= 0 && Start <= Total - inputs[0][Axis];
            Require(fits, inputs, $"it must fit into {Total} places of axis {Axis} from {Start} on");
            return inputs[0].With(Axis, Total);
        }

        /// <inheritdoc/>
        private protected override void Source(ReadOnlySpan<int> output, Span<int> input, Shape inputShape)
        {
            output.CopyTo(input);
            var place = input[Axis] - Start;
            input[Axis] = place < inputShape[Axis] ? place : -1;
        }

        /// <inheritdoc/>
        private protected override T Adjoint<T>(T cotangent, Shape inputShape) => Tensor.Slice(cotangent, Axis, Start, inputShape[Axis]);
    }
}
