using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>
/// How a node's value relates to the samples. A <em>whole</em> value does not depend on them, or is a sum over all of them; a
/// value in <em>rows</em> has a fixed number of rows of its first axis for each sample, so it can be computed tile by tile.
/// </summary>
/// <param name="InRows">Whether the first axis runs over samples.</param>
/// <param name="PerSample">Rows of the first axis per sample; 0 for whole values.</param>
/// <param name="Accumulates">Whether the (whole) value is a sum over the samples of something in rows.</param>
/// <param name="Stage">
/// The pass over the samples in which it is computed. Whole values of stage s are computed before the pass s; a sum over the pass s
/// is available from stage s + 1 on.
/// </param>
internal readonly record struct Extent(bool InRows, int PerSample, bool Accumulates, int Stage)
{
    /// <summary>The first stage in which the value can be used.</summary>
    internal int Available => Accumulates ? Stage + 1 : Stage;
}

/// <summary>Finds the extent of every node of a computation.</summary>
internal static class Extents
{
    /// <summary>Rows whose products are left for after the pass: kept for all samples they still lie in a second-level cache.</summary>
    private const int FewRows = 512;

    /// <summary>The extents, or null if some node mixes samples in a way that tiles cannot follow; then everything runs as a whole.</summary>
    /// <param name="order">The computation.</param>
    /// <param name="samples">B.</param>
    /// <param name="division">What samples are divided for.</param>
    internal static Dictionary<Expression, Extent>? Of(IReadOnlyList<Expression> order, int samples, Division division = Division.ForCaches)
    {
        var extents = new Dictionary<Expression, Extent>(ReferenceEqualityComparer.Instance);
        foreach (var node in order)
        {
            if (Of(node, [.. node.Inputs.Select(input => extents[input])], samples) is not { } extent)
            {
                return null;
            }

            extents[node] = extent;
        }

        if (division == Division.ForCaches)
        {
            Postpone(order, extents);
        }

        Delay(order, extents);
        return extents;
    }

    /// <summary>Whether a whole value reads rows of all samples, which the pass before has left.</summary>
    internal static bool ReadsAllRows(Extent value, Extent input) => value is { InRows: false, Accumulates: false } && input.InRows;

    private static Extent? Of(Expression node, Extent[] inputs, int samples)
    {
        var stage = inputs.Length == 0 ? 0 : inputs.Max(input => input.Available);
        var rows = Array.FindAll(inputs, input => input.InRows);
        if (rows.Length == 0)
        {
            return node.Primitive switch
            {
                Gather { Rows: Indices.Named named } => InRows(named.Count, samples, stage),
                OneHot { Rows: Indices.Named named } => InRows(named.Count, samples, stage),
                Numbers { Rows: Indices.Named named } => InRows(named.Count, samples, stage),
                Survivors { Draws: Draws.Named } when node.Shape.Rank > 0 => InRows(node.Shape[0], samples, stage),
                ScatterAdd { Rows: Indices.Named } => null,
                _ => new Extent(false, 0, false, stage),
            };
        }

        var per = rows[0].PerSample;
        var kept = new Extent(true, per, false, stage);
        var summed = new Extent(false, 0, true, stage);
        return node.Primitive switch
        {
            Elementwise when Array.TrueForAll(rows, row => row.PerSample == per) => kept,
            BroadcastTo when node.Inputs[0].Shape.Rank == node.Shape.Rank && node.Inputs[0].Shape[0] == node.Shape[0] => kept,
            Reshape when node.Shape.Rank > 0 => InRows(node.Shape[0], samples, stage),
            Transpose { Order: var order } when order[0] == 0 => kept,
            Slice { Axis: > 0 } or Pad { Axis: > 0 } => kept,
            Sum sum => sum.Over.Contains(0) ? summed : kept,
            Max or ArgMax when node.Shape.Rank > 1 => kept,
            ScatterAdd { Rows: Indices.Named } => summed,
            MatMul product => Product(node, product, inputs, kept, summed),
            _ => null,
        };
    }

    /// <summary>A product keeps rows where its left factor brings them, or sums over them where both factors meet in them.</summary>
    private static Extent? Product(Expression node, MatMul product, Extent[] inputs, Extent kept, Extent summed)
    {
        if (node.Shape.Rank > 2)
        {
            return inputs[0].InRows && inputs[1].InRows && inputs[0].PerSample == inputs[1].PerSample ? kept : null;
        }

        return (product.TransposeLeft, product.TransposeRight, inputs[0].InRows, inputs[1].InRows) switch
        {
            (false, _, true, false) => kept,
            (true, false, true, true) when inputs[0].PerSample == inputs[1].PerSample => summed,
            _ => null,
        };
    }

    private static Extent? InRows(int rows, int samples, int stage) =>
        samples > 0 && rows > 0 && rows % samples == 0 ? new Extent(true, rows / samples, false, stage) : null;

    /// <summary>
    /// Leaves products that sum over few rows for after the pass. Each is then one product, shared out by columns, where otherwise every shard has a part as large as the result
    /// and all of these are added up.
    /// </summary>
    private static void Postpone(IReadOnlyList<Expression> order, Dictionary<Expression, Extent> extents)
    {
        foreach (var node in order)
        {
            if (node.Primitive is MatMul && extents[node] is { Accumulates: true } extent && node.Inputs[0].Shape[0] <= FewRows)
            {
                extents[node] = new(false, 0, false, extent.Available);
            }
        }
    }

    /// <summary>
    /// Moves a value in rows to the pass that first uses it, so that it need not be kept for all samples in between; and an elementwise function of whole values
    /// before that pass, so that it can be fused with its reader.
    /// </summary>
    private static void Delay(IReadOnlyList<Expression> order, Dictionary<Expression, Extent> extents)
    {
        var first = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in order.Reverse())
        {
            var extent = extents[node];
            if ((extent.InRows || (node.Primitive is Elementwise && !extent.Accumulates)) && first.TryGetValue(node, out var use) && use > extent.Stage)
            {
                extents[node] = extent = extent with { Stage = use };
            }

            foreach (var input in node.Inputs)
            {
                var used = ReadsAllRows(extent, extents[input]) ? extent.Stage - 1 : extent.Stage;
                first[input] = first.TryGetValue(input, out var known) ? Math.Min(known, used) : used;
            }
        }
    }
}
