using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;

namespace Grokking.Engine;

/// <summary>
/// Computes only the positions that are read. Where logits are read at the last position, everything row by row after the last attention
/// is needed there only, and so is its gradient, which is zero elsewhere. Slices move up as far as nobody reads other positions, and
/// pads move down as far as zeros stay zeros, by the <see cref="NarrowingRules"/>.
/// </summary>
internal static class Narrowing
{
    /// <summary>The computation with less <see cref="Work"/>, or as it is where nothing can be saved, or not without giving up tiles.</summary>
    /// <param name="simple">A computation that is simple already.</param>
    internal static Computation Of(Computation simple)
    {
        var best = simple;
        while (Nodes(best) is var order && order.Any(NarrowingRules.IsSeed))
        {
            var trial = Simplification.Simplify(new Pass(order, best.Roots).Rebuilt(best));
            var after = Nodes(trial);
            if (Work.Of(after) >= Work.Of(order) || (Extents.Of(after, best.Samples) is null && Extents.Of(order, best.Samples) is not null))
            {
                break;
            }

            best = trial;
        }

        return best;
    }

    private static ImmutableArray<Expression> Nodes(Computation computation) => Expression.InOrder(computation.Roots.AsSpan());

    /// <summary>One pass over a computation: zeros downwards, readers upwards, then the new nodes downwards.</summary>
    private sealed class Pass
    {
        private readonly ImmutableArray<Expression> order;
        private readonly Dictionary<Expression, Positions?> supports = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expression, Positions?> wanted = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expression, Narrow> ways = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expression, Positions> narrowed = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Expression, Expression> made = new(ReferenceEqualityComparer.Instance);

        internal Pass(ImmutableArray<Expression> order, ImmutableArray<Expression> roots)
        {
            this.order = order;
            foreach (var node in order)
            {
                supports[node] = NarrowingRules.Support(node, [.. node.Inputs.Select(input => supports[input])]);
            }

            foreach (var root in roots)
            {
                wanted[root] = null;
            }

            foreach (var node in order.Reverse())
            {
                Choose(node);
            }
        }

        internal Computation Rebuilt(Computation computation)
        {
            foreach (var node in order)
            {
                var way = ways[node];
                made[node] = Expression.Apply(way.Primitive, [.. node.Inputs.Zip(way.Reads, Read)]);
            }

            return computation.With([.. computation.Roots.Select(root => Read(root, null))]);
        }

        /// <summary>A value with zeros around is computed without them; another one where all its readers want the same of it.</summary>
        private void Choose(Expression node)
        {
            if ((supports[node] ?? wanted[node]) is { } at && NarrowingRules.Taken(node, at) is { } way)
            {
                (ways[node], narrowed[node]) = (way, at);
            }
            else
            {
                ways[node] = NarrowingRules.Whole(node, [.. node.Inputs.Select(input => supports[input])]);
            }

            foreach (var (input, read) in node.Inputs.Zip(ways[node].Reads))
            {
                wanted[input] = wanted.TryGetValue(input, out var other) && other != read ? null : read;
            }
        }

        /// <summary>Positions of a value that is made, or all of it.</summary>
        private Expression Read(Expression node, Positions? wish)
        {
            var value = made[node];
            return (narrowed.TryGetValue(node, out var at), wish) switch
            {
                (false, null) => value,
                (false, { } part) => part.Take(value),
                (true, null) => at.Spread(value, node.Shape),
                (true, { } part) when part == at => value,
                (true, { } part) when part.IsApartFrom(at) => Tensor.Fill<Expression>(part.Narrowed(node.Shape), 0),
                (true, { } part) => part.Take(at.Spread(value, node.Shape)),
            };
        }
    }
}
