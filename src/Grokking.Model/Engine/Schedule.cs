using Grokking.Differentiation;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>
/// Orders the nodes of one stage so that elementwise nodes of one shape stand together: each such group becomes one fused chain. A group
/// is contiguous in the order, so nothing outside it lies between two of its members.
/// </summary>
internal static class Schedule
{
    /// <summary>Groups in order of execution; a group of more than one node is elementwise throughout.</summary>
    /// <param name="nodes">A computation in order.</param>
    /// <param name="belongs">Whether a node belongs to the stage.</param>
    /// <param name="layout">What is computed, and what is only a view.</param>
    /// <param name="onlyRelated">Whether a group has only nodes that work on values of each other: of large whole values, more at a time are more than a cache can follow.</param>
    internal static List<List<Expression>> Order(IReadOnlyList<Expression> nodes, Func<Expression, bool> belongs, Layout layout, bool onlyRelated)
    {
        var waiting = nodes.Where(node => belongs(node) && layout.NeedsWork(node)).ToList();
        var families = onlyRelated ? Families(waiting) : null;
        var pending = new HashSet<Expression>(waiting, ReferenceEqualityComparer.Instance);
        var groups = new List<List<Expression>>();
        List<Expression>? open = null;
        while (waiting.Count > 0)
        {
            bool Ready(Expression node) => !node.Inputs.SelectMany(layout.Sources).Any(pending.Contains);
            var next = open is null ? null : waiting.Find(node => (Joins(node, open[0], families) || layout.EndsChain(node, open)) && Ready(node));
            if (next is null)
            {
                // Sums over samples first: they only free memory. Then what is not elementwise: the longer a chain waits, the longer it grows.
                next = waiting.Find(node => layout.ExtentOf(node).Accumulates && Ready(node))
                    ?? waiting.Find(node => node.Primitive is not Elementwise && Ready(node))
                    ?? waiting.Find(Ready)!;
                open = [];
                groups.Add(open);
            }

            open!.Add(next);
            waiting.Remove(next);
            pending.Remove(next);
        }

        return groups;
    }

    /// <summary>Rounds of groups: each stands in the first after all those that it reads from.</summary>
    internal static List<List<List<Expression>>> Rounds(List<List<Expression>> groups, Layout layout)
    {
        var rounds = new List<List<List<Expression>>>();
        var roundOf = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
        foreach (var group in groups)
        {
            var round = group.SelectMany(node => node.Inputs.SelectMany(layout.Sources)).Max(source => roundOf.TryGetValue(source, out var earlier) ? earlier + 1 : (int?)0) ?? 0;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(group);
            group.ForEach(node => roundOf[node] = round);
        }

        return rounds;
    }

    private static bool Joins(Expression node, Expression first, Dictionary<Expression, Expression>? families) =>
        node.Primitive is Elementwise && first.Primitive is Elementwise && node.Shape.Equals(first.Shape)
        && (families is null || ReferenceEquals(Eldest(families, node), Eldest(families, first)));

    /// <summary>Elementwise nodes of one shape that are connected through each other's values: the way from each to the eldest of its family.</summary>
    private static Dictionary<Expression, Expression> Families(IEnumerable<Expression> nodes)
    {
        var families = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes.Where(node => node.Primitive is Elementwise))
        {
            families[node] = node;
            foreach (var input in node.Inputs.Where(input => families.ContainsKey(input) && input.Shape.Equals(node.Shape)))
            {
                families[Eldest(families, input)] = node;
            }
        }

        return families;
    }

    private static Expression Eldest(Dictionary<Expression, Expression> families, Expression node)
    {
        while (!ReferenceEquals(families[node], node))
        {
            node = families[node];
        }

        return node;
    }
}
