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
        var waiting = nodes.Where(node => belongs(node) && layout.NeedsWork(node)).Select(node => new Waiting(node)).ToList();
        var families = onlyRelated ? Families(waiting.Select(each => each.Node)) : null;
        var readers = Readers(waiting, layout);
        var groups = new List<List<Expression>>();
        List<Expression>? open = null;
        while (waiting.Count > 0)
        {
            var next = open is null ? null : waiting.Find(each => each.IsReady && (Joins(each.Node, open[0], families) || layout.EndsChain(each.Node, open)));
            if (next is null)
            {
                // Sums over samples first: they only free memory. Then what is not elementwise: the longer a chain waits, the longer it grows.
                next = waiting.Find(each => each.IsReady && layout.ExtentOf(each.Node).Accumulates)
                    ?? waiting.Find(each => each.IsReady && each.Node.Primitive is not Elementwise)
                    ?? waiting.Find(each => each.IsReady)!;
                open = [];
                groups.Add(open);
            }

            open!.Add(next.Node);
            waiting.Remove(next);
            readers[next.Node].ForEach(reader => reader.Missing--);
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

    /// <summary>For each node that waits those that wait for it, each of which learns for how many it waits.</summary>
    private static Dictionary<Expression, List<Waiting>> Readers(List<Waiting> waiting, Layout layout)
    {
        var readers = waiting.ToDictionary(each => each.Node, _ => new List<Waiting>(), (IEqualityComparer<Expression>)ReferenceEqualityComparer.Instance);
        foreach (var reader in waiting)
        {
            foreach (var source in reader.Node.Inputs.SelectMany(layout.Sources).Where(readers.ContainsKey))
            {
                readers[source].Add(reader);
                reader.Missing++;
            }
        }

        return readers;
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
        while (families[node] is var elder && !ReferenceEquals(elder, node))
        {
            // Half the way for whoever comes next.
            node = families[node] = families[elder];
        }

        return node;
    }

    /// <summary>A node and how many values that it reads are not computed yet.</summary>
    private sealed class Waiting(Expression node)
    {
        internal Expression Node => node;

        internal int Missing { get; set; }

        internal bool IsReady => Missing == 0;
    }
}
