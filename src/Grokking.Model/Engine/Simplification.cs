using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;

namespace Grokking.Engine;

/// <summary>
/// Rebuilds formulas from their leaves up: equal nodes become one (common subexpressions), each new node passes through the
/// <see cref="RewriteRules"/>, and what no root needs is not rebuilt (dead code).
/// </summary>
/// <remarks>
/// In exact arithmetic the values stay the same; rounding may differ, and a product with the constant 0 becomes 0 even where the other
/// factor would be infinite or NaN.
/// </remarks>
internal static class Simplification
{
    /// <summary>The computation with simpler formulas.</summary>
    public static Computation Simplify(Computation computation)
    {
        ArgumentNullException.ThrowIfNull(computation);
        var nodes = new Dictionary<Key, Expression>();
        var simple = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);

        Expression Make(Primitive primitive, ImmutableArray<Expression> inputs)
        {
            var key = new Key(primitive, inputs);
            if (!nodes.TryGetValue(key, out var made))
            {
                var node = Expression.Apply(primitive, inputs);
                made = RewriteRules.Apply(node, Make) ?? node;
                nodes[key] = made;
            }

            return made;
        }

        foreach (var node in Expression.InOrder(computation.Roots.AsSpan()))
        {
            simple[node] = Make(node.Primitive, [.. node.Inputs.Select(input => simple[input])]);
        }

        return computation.With([.. computation.Roots.Select(root => simple[root])]);
    }

    /// <summary>A primitive with the identities of its inputs: equal keys compute equal values.</summary>
    private readonly struct Key(Primitive primitive, ImmutableArray<Expression> inputs) : IEquatable<Key>
    {
        private readonly Primitive primitive = primitive;
        private readonly ImmutableArray<Expression> inputs = inputs;

        public bool Equals(Key other)
        {
            if (inputs.Length != other.inputs.Length || !primitive.Equals(other.primitive))
            {
                return false;
            }

            for (var i = 0; i < inputs.Length; i++)
            {
                if (!ReferenceEquals(inputs[i], other.inputs[i]))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(primitive);
            foreach (var input in inputs)
            {
                hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(input));
            }

            return hash.ToHashCode();
        }
    }
}
