using System.Collections.Immutable;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>a + b.</summary>
        public static T Add<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new Add(), left, right);

        /// <summary>a − b.</summary>
        public static T Subtract<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new Subtract(), left, right);

        /// <summary>a·b, elementwise.</summary>
        public static T Multiply<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new Multiply(), left, right);

        /// <summary>a/b.</summary>
        public static T Divide<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new Divide(), left, right);

        /// <summary>The larger of a and b.</summary>
        public static T Maximum<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new Maximum(), left, right);

        /// <summary>1 where a &gt; b, else 0.</summary>
        public static T Greater<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new Greater(), left, right);

        /// <summary>1 where a = b, else 0.</summary>
        public static T EqualTo<T>(T left, T right)
            where T : ITensor<T> => Elementwise(new EqualTo(), left, right);
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>y = a + b.</summary>
    public sealed record Add : Binary
    {
        /// <inheritdoc/>
        public override double Value(double a, double b) => a + b;

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => tangents[0] + tangents[1];

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) => [cotangent, cotangent];
    }

    /// <summary>y = a − b.</summary>
    public sealed record Subtract : Binary
    {
        /// <inheritdoc/>
        public override double Value(double a, double b) => a - b;

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => tangents[0] - tangents[1];

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) =>
            [cotangent, Tensor.Negate(cotangent)];
    }

    /// <summary>y = a·b.</summary>
    public sealed record Multiply : Binary
    {
        /// <inheritdoc/>
        public override double Value(double a, double b) => a * b;

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) =>
            (tangents[0] * inputs[1]) + (inputs[0] * tangents[1]);

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) =>
            [cotangent * inputs[1], cotangent * inputs[0]];
    }

    /// <summary>y = a/b; dy = (da − y·db)/b.</summary>
    public sealed record Divide : Binary
    {
        /// <inheritdoc/>
        public override double Value(double a, double b) => a / b;

        /// <inheritdoc/>
        public override Interval Domain(int input) => input == 0 ? new(-4, 4) : new(0.5, 4);

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) =>
            (tangents[0] - (output * tangents[1])) / inputs[1];

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent)
        {
            var numerator = cotangent / inputs[1];
            return [numerator, Tensor.Negate(numerator * output)];
        }
    }

    /// <summary>y = max(a, b). Where a = b the derivative belongs to a. NaN if either is NaN.</summary>
    public sealed record Maximum : Binary
    {
        /// <inheritdoc/>
        public override double Value(double a, double b) => Math.Max(a, b);

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output)
        {
            var second = Tensor.Greater(inputs[1], inputs[0]);
            return tangents[0] + (second * (tangents[1] - tangents[0]));
        }

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent)
        {
            var second = cotangent * Tensor.Greater(inputs[1], inputs[0]);
            return [cotangent - second, second];
        }
    }

    /// <summary>y = 1 where the comparison holds, else 0 (also where a or b is NaN); its derivative is 0 everywhere.</summary>
    public abstract record Comparison : Binary
    {
        /// <summary>Whether the comparison holds.</summary>
        public abstract bool Holds(double a, double b);

        /// <inheritdoc/>
        public sealed override double Value(double a, double b) => Holds(a, b) ? 1 : 0;

        /// <inheritdoc/>
        public sealed override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => Tensor.Fill<T>(output.Shape, 0);

        /// <inheritdoc/>
        public sealed override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent)
        {
            var zero = Tensor.Fill<T>(output.Shape, 0);
            return [zero, zero];
        }
    }

    /// <summary>y = 1 where a &gt; b, else 0.</summary>
    public sealed record Greater : Comparison
    {
        /// <inheritdoc/>
        public override bool Holds(double a, double b) => a > b;
    }

    /// <summary>y = 1 where a = b, else 0.</summary>
    public sealed record EqualTo : Comparison
    {
        /// <inheritdoc/>
        public override bool Holds(double a, double b) => a == b;
    }
}
