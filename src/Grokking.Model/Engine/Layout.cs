using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>Which nodes are computed, which are only views of others, and where each value lives.</summary>
internal sealed class Layout
{
    private readonly Fusions fusions;
    private readonly Dictionary<Expression, Extent> extents;
    private readonly HashSet<Expression> roots;
    private readonly Dictionary<Expression, List<Expression>> consumers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Operand> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Expression> sumOf = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Expression> sumsOfSums = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Expression[]> sources = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Operand> next = new(ReferenceEqualityComparer.Instance);
    private readonly Arena whole = new();
    private readonly Arena state = new();
    private readonly Arena partial = new();
    private readonly Arena partialSum = new();

    internal Layout(IReadOnlyList<Expression> order, Dictionary<Expression, Extent> extents, Computation computation, Fusions fusions)
    {
        this.fusions = fusions;
        this.extents = extents;
        roots = new(computation.Roots, ReferenceEqualityComparer.Instance);
        foreach (var node in order)
        {
            consumers[node] = [];
            foreach (var input in node.Inputs.Distinct())
            {
                consumers[input].Add(node);
            }
        }

        FindSumsOfSums(order);
        PlaceState(order, computation);
        foreach (var leaf in order.Where(node => !IsPlaced(node)).Where(node => node.Primitive is Variable or Literal or Identity || (node.Primitive is Fill && IsMaterial(node))))
        {
            places[leaf] = Contiguous(Region.Whole, whole.Keep(leaf.Shape.Count), leaf.Shape, 0);
        }
    }

    /// <summary>The size of a region so far, other than the tile's.</summary>
    internal (int Whole, int State, int Partial, int PartialSum) Sizes => (whole.Size, state.Size, partial.Size, partialSum.Size);

    /// <summary>How a node relates to the samples.</summary>
    internal Extent ExtentOf(Expression node) => extents[node];

    /// <summary>
    /// What a sum over samples is summed into: itself, or a sum of several that nobody reads by themselves, such as the gradients of one weight at several tokens. Their terms all go
    /// into one part for each shard.
    /// </summary>
    internal Expression WholeSum(Expression node) => sumOf.TryGetValue(node, out var sum) ? WholeSum(sum) : node;

    /// <summary>Whether a node is computed by an instruction; otherwise it is a leaf or a view of others.</summary>
    internal bool NeedsWork(Expression node) => node.Primitive switch
    {
        Add when sumsOfSums.Contains(node) => false,
        Variable or Literal or Identity or Fill or Reshape => false,
        BroadcastTo => IsMaterial(node),
        Slice => !IsAlias(node),
        Gather => !(fusions.HasFlag(Fusions.Gather) && IsReadByRowsOnly(node)),
        _ => true,
    };

    /// <summary>Whether a sum by index is taken as part of the chain that computes its rows, without storing them.</summary>
    internal bool EndsChain(Expression node, List<Expression> chain) => fusions.HasFlag(Fusions.ScatterAdd)
        && chain[0].Primitive is Elementwise && node.Primitive is ScatterAdd && extents[node].Accumulates && node.Shape.Rank == 2 && node.Shape[1] > 1 && chain.Contains(node.Inputs[0]);

    /// <summary>The computed nodes that a node's value is taken from, each once.</summary>
    internal Expression[] Sources(Expression node) => sources.TryGetValue(node, out var known) ? known
        : sources[node] = NeedsWork(node) ? [node] : [.. node.Inputs.SelectMany(Sources).Distinct()];

    /// <summary>Whether the value must lie in memory after its group of fused nodes has run.</summary>
    internal bool IsStored(Expression node, List<Expression> group) =>
        node.Primitive is not Elementwise || roots.Contains(node) || consumers[node].Exists(consumer => !group.Contains(consumer));

    /// <summary>Gives every whole value of a stage its place.</summary>
    internal void PlaceOnce(List<List<Expression>> groups)
    {
        foreach (var node in groups.SelectMany(group => group.Where(node => IsStored(node, group))))
        {
            places[node] = next.TryGetValue(node, out var place) ? place : Contiguous(Region.Whole, whole.Keep(node.Shape.Count), node.Shape, 0);
        }
    }

    /// <summary>Gives every value of a pass its place, for tiles of so many samples; returns the elements that a tile takes.</summary>
    internal int PlaceTile(List<List<Expression>> groups, int stage, int samples, int tileSamples)
    {
        var tile = new Arena();
        var lastUse = LastUses(groups);
        for (var moment = 0; moment < groups.Count; moment++)
        {
            var group = groups[moment];
            foreach (var node in group.Where(node => IsStored(node, group)))
            {
                var extent = extents[node];
                if (extent.Accumulates)
                {
                    var sum = WholeSum(node);
                    if (!IsPlaced(sum))
                    {
                        places[sum] = Contiguous(Region.Whole, whole.Keep(sum.Shape.Count), sum.Shape, 0);
                    }
                }
                else
                {
                    places[node] = Outlives(node, stage)
                        ? Contiguous(Region.Whole, whole.Keep(node.Shape.Count), node.Shape, extent.PerSample)
                        : Contiguous(Region.Tile, tile.Place(node.Shape.Count / samples * tileSamples, moment, lastUse.GetValueOrDefault(node, moment)), node.Shape, extent.PerSample);
                }
            }
        }

        return tile.Size;
    }

    /// <summary>The elements that a pass needs for each sample of a tile.</summary>
    internal int ElementsPerSample(List<List<Expression>> groups, int stage, int samples)
    {
        var tile = new Arena();
        var lastUse = LastUses(groups);
        for (var moment = 0; moment < groups.Count; moment++)
        {
            var group = groups[moment];
            foreach (var node in group.Where(node => IsStored(node, group) && extents[node].InRows && !Outlives(node, stage)))
            {
                tile.Place(node.Shape.Count / samples, moment, lastUse.GetValueOrDefault(node, moment));
            }
        }

        return tile.Size;
    }

    /// <summary>A place, in each shard, for its part of a sum over samples.</summary>
    internal Operand Part(Expression node) => node.Primitive is Sum
        ? Contiguous(Region.PartialSum, partialSum.Keep(node.Shape.Count), node.Shape, 0)
        : Contiguous(Region.Partial, partial.Keep(node.Shape.Count), node.Shape, 0);

    /// <summary>Where a node's value lies, as a view with the node's shape.</summary>
    internal Operand Resolve(Expression node)
    {
        if (places.TryGetValue(node, out var place))
        {
            return place;
        }

        var source = Resolve(node.Inputs[0]);
        return node.Primitive switch
        {
            Reshape => Contiguous(source.Region, source.Offset, node.Shape, extents[node].PerSample),
            Slice slice => source with { Offset = source.Offset + (slice.Start * source.Strides[0]), Shape = node.Shape },
            Gather gather => source with { Shape = node.Shape, PerSample = extents[node].PerSample, Chosen = gather.Rows },
            BroadcastTo => Stretch(source, node.Shape) with { PerSample = extents[node].PerSample },
            _ => throw new InvalidOperationException($"{node} has no place: it is used before it is computed."),
        };
    }

    /// <summary>A view of a value under a larger shape: strides of 0 along the axes that it is stretched over.</summary>
    internal static Operand Stretch(Operand source, Shape target)
    {
        var added = target.Rank - source.Shape.Rank;
        return source with
        {
            Shape = target,
            Strides = [.. Enumerable.Range(0, target.Rank).Select(axis =>
                axis < added || (source.Shape[axis - added] == 1 && target[axis] != 1) ? 0 : source.Strides[axis - added])],
        };
    }

    /// <summary>A matrix seen transposed.</summary>
    internal static Operand Swapped(Operand matrix) => matrix with
    {
        Shape = Shape.Of(matrix.Shape[1], matrix.Shape[0]),
        Strides = [matrix.Strides[1], matrix.Strides[0]],
    };

    /// <summary>Whether a leaf has a place in memory.</summary>
    internal bool IsPlaced(Expression leaf) => places.ContainsKey(leaf);

    private static Operand Contiguous(Region region, int offset, Shape shape, int perSample) => new(region, offset, shape, shape.Strides(), perSample);

    /// <summary>
    /// A variable and what it becomes lie at one place of two areas, where the new value is computed for it alone: it is no sum over samples, which has a place of its own, and no
    /// output, which is read after the exchange as well.
    /// </summary>
    private void PlaceState(IReadOnlyList<Expression> order, Computation computation)
    {
        var read = new HashSet<Expression>(computation.Outputs.SelectMany(output => Sources(output.Value)), ReferenceEqualityComparer.Instance);
        foreach (var (name, value) in computation.Updates)
        {
            if (extents[value] is { InRows: false, Accumulates: false } && NeedsWork(value) && !read.Contains(value) && !sumOf.ContainsKey(value)
                && computation.Updates.Count(update => ReferenceEquals(update.Value, value)) == 1)
            {
                var variable = order.Single(node => node.Primitive is Variable && node.Primitive.Name == name);
                places[variable] = Contiguous(Region.Present, state.Keep(value.Shape.Count), value.Shape, 0);
                next[value] = places[variable] with { Region = Region.Next };
            }
        }
    }

    /// <summary>Finds the nodes that only add up sums over one pass which nobody else reads, all of them in float64 or none.</summary>
    private void FindSumsOfSums(IReadOnlyList<Expression> order)
    {
        var kinds = new Dictionary<Expression, (int Stage, bool InDouble)>(ReferenceEqualityComparer.Instance);
        foreach (var node in order)
        {
            if (extents[node].Accumulates)
            {
                kinds[node] = (extents[node].Stage, node.Primitive is Sum);
            }
            else if (node.Primitive is Add && !ReferenceEquals(node.Inputs[0], node.Inputs[1])
                && kinds.TryGetValue(node.Inputs[0], out var first) && kinds.TryGetValue(node.Inputs[1], out var second) && first == second
                && node.Inputs.All(input => !roots.Contains(input) && consumers[input].Count == 1))
            {
                kinds[node] = first;
                sumOf[node.Inputs[0]] = sumOf[node.Inputs[1]] = node;
                sumsOfSums.Add(node);
            }
        }
    }

    /// <summary>Whether a stretched or constant value must be written out: someone other than a chain reads it.</summary>
    private bool IsMaterial(Expression node) => roots.Contains(node) || consumers[node].Exists(consumer => consumer.Primitive is not Elementwise && !(consumer.Primitive is BroadcastTo && !IsMaterial(consumer)));

    /// <summary>Whether a matrix of rows over samples is read by elementwise operations of its own shape only, which can look its rows up.</summary>
    private bool IsReadByRowsOnly(Expression node) => node.Shape.Rank == 2 && node.Shape[1] > 1 && extents[node].InRows && !roots.Contains(node)
        && consumers[node].TrueForAll(consumer => consumer.Primitive is Elementwise && extents[consumer].Stage >= extents[node].Stage);

    /// <summary>Whether a slice is a view: rows of a whole value that lies in memory row after row.</summary>
    private bool IsAlias(Expression node) => node.Primitive is Slice { Axis: 0 } && !extents[node].InRows;

    /// <summary>Whether a value in rows is needed after its pass.</summary>
    private bool Outlives(Expression node, int stage) => roots.Contains(node)
        || consumers[node].Exists(consumer => extents[consumer].Stage > stage || (!NeedsWork(consumer) && Outlives(consumer, stage)));

    /// <summary>For every value that a pass computes and reads, the moment at which it is read last.</summary>
    private Dictionary<Expression, int> LastUses(List<List<Expression>> groups)
    {
        var last = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
        for (var moment = 0; moment < groups.Count; moment++)
        {
            foreach (var source in groups[moment].SelectMany(user => user.Inputs).SelectMany(Sources))
            {
                last[source] = moment;
            }
        }

        return last;
    }
}
