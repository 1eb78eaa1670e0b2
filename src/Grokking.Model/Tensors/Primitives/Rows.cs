using System.Collections.Immutable;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>Rows of a table by index.</summary>
        public static T Gather<T>(T table, Indices rows)
            where T : ITensor<T> => T.Apply(new Gather(rows), table);

        /// <summary>Rows added up by index into a table of as many rows as the indices' bound.</summary>
        public static T ScatterAdd<T>(T rows, Indices places)
            where T : ITensor<T> => T.Apply(new ScatterAdd(places), rows);
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>Rows of a table, chosen by index: [V, …] → [count, …]. The embedding of a one-hot input. Adjoint of <see cref="ScatterAdd"/>.</summary>
    public sealed record Gather(Indices Rows) : Primitive
    {
        /// <inheritdoc/>
        public override string Name => "Gather";

        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && inputs[0].Rank >= 1 && inputs[0][0] == Rows.Bound, inputs, $"it chooses among {Rows.Bound} rows of one table");
            return inputs[0].With(0, Rows.Count);
        }

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var table = inputs[0];
            var width = table.Shape.RowCount();
            var shape = table.Shape.With(0, Rows.Count);
            var values = new double[shape.Count];
            var row = 0;
            foreach (var index in Values(Rows))
            {
                table.Span.Slice(index * width, width).CopyTo(values.AsSpan(row++ * width));
            }

            return Dense.Own(shape, values);
        }

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => Tensor.Gather(tangents[0], Rows);

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) => [Tensor.ScatterAdd(cotangent, Rows)];

        /// <summary>The values of indices that must be known by now.</summary>
        internal static ImmutableArray<int> Values(Indices indices) => indices switch
        {
            Indices.Known known => known.Values,
            Indices.Named named => throw new InvalidOperationException($"The indices '{named.Name}' have no values yet: a reading in numbers needs them known."),
            _ => throw new ArgumentException("Indices are Known or Named.", nameof(indices)),
        };
    }

    /// <summary>
    /// Rows added up by index: [count, …] → [V, …], where row v of the result is the sum of the rows whose index is v, in row order.
    /// Adjoint of <see cref="Gather"/>.
    /// </summary>
    public sealed record ScatterAdd(Indices Rows) : Primitive
    {
        /// <inheritdoc/>
        public override string Name => "ScatterAdd";

        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 1 && inputs[0].Rank >= 1 && inputs[0][0] == Rows.Count, inputs, $"it takes {Rows.Count} rows");
            return inputs[0].With(0, Rows.Bound);
        }

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var rows = inputs[0];
            var width = rows.Shape.RowCount();
            var shape = rows.Shape.With(0, Rows.Bound);
            var sums = new double[shape.Count];
            var row = 0;
            foreach (var index in Gather.Values(Rows))
            {
                for (var i = 0; i < width; i++)
                {
                    sums[(index * width) + i] += rows.Span[(row * width) + i];
                }

                row++;
            }

            return Dense.Own(shape, sums);
        }

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) => Tensor.ScatterAdd(tangents[0], Rows);

        /// <inheritdoc/>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) => [Tensor.Gather(cotangent, Rows)];
    }
}
