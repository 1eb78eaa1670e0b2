using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>Lays out a computation: simplify, narrow, find extents, order, fuse, place.</summary>
internal static class Planner
{
    /// <summary>The plan of a computation.</summary>
    /// <remarks>Tiles and shards follow from the computation alone, so that equal computations give equal bits on any number of threads.</remarks>
    /// <param name="computation">What is computed.</param>
    /// <param name="fusions">What chains may take into themselves; the result has the same bits in any case.</param>
    /// <param name="division">How the samples are divided into tiles and shards.</param>
    public static Plan Plan(Computation computation, Fusions fusions = Fusions.All, Division division = Division.ForCaches)
    {
        var (simple, transposed) = KeptTransposed.Of(Narrowing.Of(Simplification.Simplify(computation)));
        var given = Expression.InOrder(computation.Roots.AsSpan());
        var order = Expression.InOrder(simple.Roots.AsSpan());
        order = [.. order, .. Unneeded(given, order)];
        var forUpdates = new HashSet<Expression>(Expression.InOrder([.. simple.Updates.Select(update => update.Value)]), ReferenceEqualityComparer.Instance);
        var extents = Extents.Of(order, simple.Samples, division)
            ?? order.ToDictionary(node => node, _ => default(Extent), (IEqualityComparer<Expression>)ReferenceEqualityComparer.Instance);
        var layout = new Layout(order, extents, simple, fusions);

        ImmutableArray<Scheduled> stages = [.. Enumerable.Range(0, extents.Values.Max(extent => extent.Available) + 1).Select(stage => new Scheduled(
            stage,
            Schedule.Order(order, node => extents[node] is { InRows: false, Accumulates: false } extent && extent.Stage == stage, layout, onlyRelated: true),
            Schedule.Order(order, node => extents[node] is var extent && (extent.InRows || extent.Accumulates) && extent.Stage == stage, layout, onlyRelated: false)))];

        var samples = stages.Any(stage => stage.PerTile.Count > 0) ? simple.Samples : 0;
        var tiling = samples == 0 ? Tiling.None : division == Division.Undivided ? Tiling.Whole(samples) : Tiling.For(
            samples,
            stages.Max(stage => layout.ElementsPerSample(stage.PerTile, stage.Number, samples)),
            extents.Values.Max(extent => extent.PerSample),
            order.Where(node => extents[node].Accumulates || node.Inputs.Any(input => Extents.ReadsAllRows(extents[node], extents[input]))).Sum(node => (long)node.Shape.Count));
        var tile = 0;
        foreach (var stage in stages)
        {
            layout.PlaceOnce(stage.Once);
            tile = Math.Max(tile, stage.PerTile.Count == 0 ? 0 : layout.PlaceTile(stage.PerTile, stage.Number, samples, tiling.TileSamples));
        }

        var lowering = new Lowering(layout, forUpdates);
        ImmutableArray<Stage> lowered = [.. stages.Select(stage => lowering.Stage(stage.Once, stage.PerTile))];
        var (whole, state, partial, partialSum) = layout.Sizes;
        return new(
            lowered,
            Leaves<Variable>().ToImmutableDictionary(node => node.Primitive.Name, node => transposed.Contains(node.Primitive.Name) ? Layout.Swapped(layout.Resolve(node)) : layout.Resolve(node)),
            given.SelectMany(NamedIndices).GroupBy(named => named.Name).ToImmutableDictionary(same => same.Key, same => same.MinBy(named => named.Bound)!),
            [.. Leaves<Survivors>().Select(node => ((Survivors)node.Primitive).Draws).OfType<Draws.Named>().Select(draws => draws.Name)],
            [.. Constants().Select(node => new Preset(layout.Resolve(node), node.Primitive.Evaluate([])))],
            simple.Outputs.ToImmutableDictionary(output => output.Name, output => layout.Resolve(output.Value)),
            Apart([.. simple.Updates.Select(update => (layout.Resolve(update.Value), layout.Resolve(Leaves<Variable>().Single(node => node.Primitive.Name == update.Variable))))]),
            ImmutableDictionary<Region, int>.Empty.Add(Region.Whole, whole).Add(Region.Present, state).Add(Region.Next, state).Add(Region.Tile, tile).Add(Region.Partial, partial).Add(Region.PartialSum, partialSum),
            tiling);

        IEnumerable<Expression> Leaves<TPrimitive>() => order.Where(node => node.Primitive is TPrimitive);
        IEnumerable<Expression> Constants() => Leaves<Literal>().Concat(Leaves<Identity>()).Concat(Leaves<Fill>().Where(layout.IsPlaced));
    }

    /// <summary>Updates are copied one after the other, so none may read what another writes.</summary>
    private static ImmutableArray<(Operand From, Operand To)> Apart(ImmutableArray<(Operand From, Operand To)> updates)
    {
        foreach (var (from, to) in updates)
        {
            if (updates.Any(other => other.To != to && from.Region == other.To.Region && from.Offset < other.To.Offset + other.To.Shape.Count && other.To.Offset < from.Offset + from.Shape.Count))
            {
                throw new ArgumentException("A variable cannot be updated with the unchanged value of another one that is updated too.");
            }
        }

        return updates;
    }

    /// <summary>Variables that simplification found not to matter; they can be given a value all the same.</summary>
    private static IEnumerable<Expression> Unneeded(IEnumerable<Expression> given, IEnumerable<Expression> order)
    {
        var needed = order.Where(node => node.Primitive is Variable).Select(node => node.Primitive.Name).ToHashSet();
        return given.Where(node => node.Primitive is Variable && needed.Add(node.Primitive.Name));
    }

    private static IEnumerable<Indices.Named> NamedIndices(Expression node) => node.Primitive switch
    {
        Gather { Rows: Indices.Named rows } => [rows],
        ScatterAdd { Rows: Indices.Named rows } => [rows],
        OneHot { Rows: Indices.Named rows } => [rows],
        Numbers { Rows: Indices.Named rows } => [rows],
        _ => [],
    };

    private sealed record Scheduled(int Number, List<List<Expression>> Once, List<List<Expression>> PerTile);
}
