using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Differentiation;

/// <summary>Reverse mode: from a formula to the formulas of its derivatives, by walking it backwards once.</summary>
public static class Reverse
{
    /// <summary>The derivative of a scalar formula with respect to each of the given nodes; a node that it does not need has zeros.</summary>
    /// <exception cref="ArgumentException">The formula is not a scalar.</exception>
    public static ImmutableArray<Expression> Gradient(Expression scalar, ImmutableArray<Expression> with)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        if (!scalar.Shape.Equals(Shape.Scalar))
        {
            throw new ArgumentException($"Only a scalar has a gradient; this formula has shape {scalar.Shape}.", nameof(scalar));
        }

        return Pullback(scalar, Tensor.Number<Expression>(1), with);
    }

    /// <summary>Jᵀ·cotangent: the pull-back of a cotangent of any formula to each of the given nodes.</summary>
    public static ImmutableArray<Expression> Pullback(Expression output, Expression cotangent, ImmutableArray<Expression> with)
    {
        var order = Expression.InOrder(output);
        var needed = new HashSet<Expression>(with, ReferenceEqualityComparer.Instance);
        foreach (var node in order.Where(node => node.Inputs.Any(needed.Contains)))
        {
            needed.Add(node);
        }

        var cotangents = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance) { [output] = cotangent };
        foreach (var node in order.Reverse())
        {
            if (!needed.Contains(node) || node.Inputs.IsEmpty || !cotangents.TryGetValue(node, out var arrived))
            {
                continue;
            }

            var parts = node.Primitive.Pullback(node.Inputs, node, arrived);
            foreach (var (input, part) in node.Inputs.Zip(parts).Where(pair => needed.Contains(pair.First)))
            {
                cotangents[input] = cotangents.TryGetValue(input, out var sum) ? sum + part : part;
            }
        }

        return [.. with.Select(node => cotangents.TryGetValue(node, out var found) ? found : Tensor.Fill<Expression>(node.Shape, 0))];
    }
}
