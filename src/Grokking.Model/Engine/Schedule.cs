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
    internal static List<List<Expression>> Order(IReadOnlyList<Expression> nodes, Func<Expression, bool> belongs, Layout layout)
    {
        var waiting = nodes.Where(node => belongs(node) && layout.NeedsWork(node)).ToList();
        var pending = new HashSet<Expression>(waiting, ReferenceEqualityComparer.Instance);
        var groups = new List<List<Expression>>();
        List<Expression>? open = null;
        while (waiting.Count > 0)
        {
            bool Ready(Expression node) => !node.Inputs.SelectMany(layout.Sources).Any(pending.Contains);
            var next = open is null ? null : waiting.Find(node => (Joins(node, open[0]) || layout.EndsChain(node, open)) && Ready(node));
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

    private static bool Joins(Expression node, Expression first) =>
        node.Primitive is Elementwise && first.Primitive is Elementwise && node.Shape.Equals(first.Shape);
}
