using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>A tensor whose elements are all equal.</summary>
        public static T Fill<T>(Shape shape, double value)
            where T : ITensor<T> => T.Apply(new Fill(shape, value));

        /// <summary>Known numbers as a constant of the algebra.</summary>
        public static T Literal<T>(Dense values)
            where T : ITensor<T> => T.Apply(new Literal(values));

        /// <summary>One-hot rows: [count, bound], 1 at each index.</summary>
        public static T OneHot<T>(Indices rows)
            where T : ITensor<T> => T.Apply(new OneHot(rows));

        /// <summary>Indices as numbers: [count, 1].</summary>
        public static T Numbers<T>(Indices rows)
            where T : ITensor<T> => T.Apply(new Numbers(rows));
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>A primitive without inputs: its result does not depend on anything that is differentiated.</summary>
    public abstract record Constant : Primitive
    {
        /// <summary>The shape of the constant.</summary>
        public abstract Shape Shape { get; }

        /// <inheritdoc/>
        public sealed override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.IsEmpty, inputs, "a constant has no inputs");
            return Shape;
        }

        /// <inheritdoc/>
        public sealed override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => Tensor.Fill<T>(Shape, 0);

        /// <inheritdoc/>
        public sealed override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) => [];
    }

    /// <summary>A tensor whose elements all have one value.</summary>
    public sealed record Fill(Shape Filled, double Value) : Constant
    {
        /// <inheritdoc/>
        public override string Name => FormattableString.Invariant($"Fill({Value})");

        /// <inheritdoc/>
        public override Shape Shape => Filled;

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var values = new double[Filled.Count];
            Array.Fill(values, Value);
            return Dense.Own(Filled, values);
        }
    }

    /// <summary>A tensor of known numbers, such as an attention mask; two are equal when they are the same numbers.</summary>
    public sealed record Literal(Dense Known) : Constant
    {
        /// <inheritdoc/>
        public override string Name => "Literal";

        /// <inheritdoc/>
        public override Shape Shape => Known.Shape;

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs) => Known;

        /// <inheritdoc/>
        public bool Equals(Literal? other) => other is not null && Shape.Equals(other.Shape)
            && MemoryMarshal.Cast<double, long>(Known.Span).SequenceEqual(MemoryMarshal.Cast<double, long>(other.Known.Span));

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Shape.Count, Shape.Count > 0 ? Known.Span[^1] : 0);
    }

    /// <summary>The one-hot rows of indices: [rows, classes], 1 at (r, index of r), else 0.</summary>
    public sealed record OneHot(Indices Rows) : Constant
    {
        /// <inheritdoc/>
        public override string Name => "OneHot";

        /// <inheritdoc/>
        public override Shape Shape => Shape.Of(Rows.Count, Rows.Bound);

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var indices = Gather.Values(Rows);
            var values = new double[Shape.Count];
            for (var row = 0; row < indices.Length; row++)
            {
                values[(row * Rows.Bound) + indices[row]] = 1;
            }

            return Dense.Own(Shape, values);
        }
    }

    /// <summary>Indices as numbers: [rows, 1].</summary>
    public sealed record Numbers(Indices Rows) : Constant
    {
        /// <inheritdoc/>
        public override string Name => "Numbers";

        /// <inheritdoc/>
        public override Shape Shape => Shape.Of(Rows.Count, 1);

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs) =>
            Dense.Own(Shape, [.. Gather.Values(Rows).Select(index => (double)index)]);
    }

    /// <summary>The identity matrix: [size, size], 1 on the diagonal, else 0. Its rows are the one-hot vectors.</summary>
    public sealed record Identity(int Size) : Constant
    {
        /// <inheritdoc/>
        public override string Name => "Identity";

        /// <inheritdoc/>
        public override Shape Shape => Shape.Of(Size, Size);

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs) => Dense.Build(Shape, at => at[0] == at[1] ? 1 : 0);
    }
}
