using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>
/// A matrix that is read transposed only is kept transposed: a training step that looks rows up in Uᵀ then turns neither U before the
/// step nor its gradient after it. With a variable go all variables of its shape, for an optimiser's memory moves in step with its weight.
/// </summary>
internal static class KeptTransposed
{
    private static readonly Transpose Swap = new(Axes.Of(1, 0));

    /// <summary>The computation with variables kept so wherever that saves transpositions, and their names.</summary>
    /// <param name="simple">A computation that is simple already.</param>
    internal static (Computation Computation, ImmutableHashSet<string> Names) Of(Computation simple)
    {
        var (best, names) = (simple, ImmutableHashSet<string>.Empty);
        foreach (var shape in Nodes(simple).Where(IsSwapOfVariable).Select(node => node.Inputs[0].Shape).Distinct().ToArray())
        {
            ImmutableHashSet<string> chosen = [.. Nodes(best).Where(node => node.Primitive is Variable && node.Shape.Equals(shape)).Select(node => node.Primitive.Name)];
            var trial = Simplification.Simplify(Swapped(best, chosen, shape));
            if (Transpositions(trial) < Transpositions(best))
            {
                (best, names) = (trial, names.Union(chosen));
            }
        }

        return (best, names);
    }

    private static ImmutableArray<Expression> Nodes(Computation computation) => Expression.InOrder(computation.Roots.AsSpan());

    private static int Transpositions(Computation computation) => Nodes(computation).Count(node => node.Primitive is Transpose);

    private static bool IsSwapOfVariable(Expression node) => Swap.Equals(node.Primitive) && node.Inputs[0].Primitive is Variable;

    /// <summary>Each chosen variable V replaced by Vᵀ of a variable with its name, and its update transposed likewise.</summary>
    private static Computation Swapped(Computation computation, ImmutableHashSet<string> chosen, Shape shape)
    {
        var swapped = Shape.Of(shape[1], shape[0]);
        var made = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (var node in Nodes(computation))
        {
            made[node] = node.Primitive is Variable && chosen.Contains(node.Primitive.Name)
                ? Expression.Apply(Swap, Expression.Variable(node.Primitive.Name, swapped))
                : Expression.Apply(node.Primitive, [.. node.Inputs.Select(input => made[input])]);
        }

        var roots = computation.With([.. computation.Roots.Select(root => made[root])]);
        return roots with
        {
            Updates = [.. roots.Updates.Select(update => chosen.Contains(update.Variable) ? (update.Variable, Expression.Apply(Swap, update.Value)) : update)],
        };
    }
}
