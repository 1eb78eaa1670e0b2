using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>Turns scheduled groups of nodes into instructions over placed values.</summary>
internal sealed class Lowering(Layout layout, IReadOnlySet<Expression> forUpdates)
{
    private readonly List<Accumulation> sums = [];

    /// <summary>The instructions of one stage.</summary>
    internal Stage Stage(List<List<Expression>> once, List<List<Expression>> perTile)
    {
        sums.Clear();
        return new([.. Schedule.Rounds(once, layout).Select(round => round.Select(Lower).ToImmutableArray())], [.. perTile.Select(Lower)], [.. sums]);
    }

    private Instruction Lower(List<Expression> group)
    {
        var first = group[0];
        Instruction instruction = first.Primitive is Elementwise ? Fused(group)
            : first.Primitive is BroadcastTo ? Written(first)
            : new Application(first.Primitive, [.. first.Inputs.Select(input => Factor(first, input))], Output(first));
        return instruction with { ForUpdates = group.Exists(forUpdates.Contains) };
    }

    private Operand Factor(Expression node, Expression input) => Extents.ReadsAllRows(layout.ExtentOf(node), layout.ExtentOf(input))
        ? layout.Resolve(input) with { PerSample = 0 }
        : layout.Resolve(input);

    private Operand Output(Expression node)
    {
        if (!layout.ExtentOf(node).Accumulates)
        {
            return layout.Resolve(node);
        }

        var target = layout.Resolve(layout.WholeSum(node));
        if (sums.Find(sum => sum.Target == target) is { } begun)
        {
            return begun.Part;
        }

        var part = layout.Part(node);
        sums.Add(new(part, target));
        return part;
    }

    private Chain Fused(List<Expression> group)
    {
        var perSample = layout.ExtentOf(group[0]).PerSample;
        return new(group[0].Shape, perSample, [.. group.Select(node => node.Primitive is ScatterAdd scatter
            ? Added(node, scatter, group, perSample)
            : new Link(node.Primitive, [.. node.Inputs.Select(input => Argument(input, group, perSample))], layout.IsStored(node, group) ? layout.Resolve(node) : null))]);
    }

    /// <summary>A sum by index as the last link of a row: the table's row plus the chain's.</summary>
    private Link Added(Expression node, ScatterAdd scatter, List<Expression> group, int perSample)
    {
        var part = Output(node);
        var row = part with { Shape = node.Inputs[0].Shape, PerSample = perSample, Chosen = scatter.Rows };
        return new(new Add(), [new Source.Memory(row), Argument(node.Inputs[0], group, perSample)], row);
    }

    /// <summary>A stretched value written out, for readers that need it so.</summary>
    private Chain Written(Expression node)
    {
        var perSample = layout.ExtentOf(node).PerSample;
        return new(node.Shape, perSample, [new Link(null, [Argument(node.Inputs[0], [], perSample, node)], layout.Resolve(node))]);
    }

    private Source Argument(Expression input, List<Expression> group, int perSample, Expression? stretched = null)
    {
        if (input.Primitive is Fill fill)
        {
            return new Source.Number(fill.Value);
        }

        var earlier = group.FindIndex(node => ReferenceEquals(node, input));
        if (earlier >= 0)
        {
            return new Source.Earlier(earlier);
        }

        // A whole value read beside rows is read row by row as well.
        var operand = stretched is null ? layout.Resolve(input) : Layout.Stretch(layout.Resolve(input), stretched.Shape);
        return new Source.Memory(operand with { PerSample = perSample });
    }
}
