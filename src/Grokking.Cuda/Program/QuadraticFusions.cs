using System.Collections.Immutable;
using Grokking.Cuda.Kernels;
using Grokking.Engine;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Cuda.Program;

/// <summary>What the quadratic network's hidden layer is made of: h = U[x1] + V[x2], z = h².</summary>
/// <param name="U">Rows of U, chosen by the first operand.</param>
/// <param name="V">Rows of V, chosen by the second.</param>
internal sealed record HiddenLayer(Operand U, Operand V);

/// <summary>Logits y = s z w2ᵀ and what the squared difference from the one-hot labels t needs: (y − t)² and its gradient g (y − t). The hidden layer is computed on the way and stored nowhere.</summary>
/// <param name="Hidden">The hidden layer.</param>
/// <param name="W2">w2, [classes, hidden].</param>
/// <param name="Labels">The labels.</param>
/// <param name="Scale">s.</param>
/// <param name="GradientScale">g; 0 where there is no gradient.</param>
/// <param name="Logits">Where y goes; null where nobody reads it.</param>
/// <param name="Squares">Where (y − t)² goes.</param>
/// <param name="Residual">Where g (y − t) goes.</param>
internal sealed record QuadraticForward(HiddenLayer Hidden, Operand W2, Indices Labels, double Scale, double GradientScale, Operand? Logits, Operand? Squares, Operand? Residual) : FusedInstruction
{
    /// <inheritdoc/>
    internal override ImmutableArray<Operand> Reads => [Hidden.U, Hidden.V, W2];

    /// <inheritdoc/>
    internal override ImmutableArray<Operand> Writes => [.. new[] { Logits, Squares, Residual }.OfType<Operand>()];
}

/// <summary>The gradients of the quadratic network's weights from that of its logits, r: dw2 = rᵀ z, and with q = f (r w2) h the sums of q's rows by operand. z and h are computed anew.</summary>
/// <param name="Hidden">The hidden layer.</param>
/// <param name="W2">w2, [classes, hidden].</param>
/// <param name="Residual">r, [samples, classes].</param>
/// <param name="Factor">f.</param>
/// <param name="DW2">Where the gradient of w2 goes.</param>
/// <param name="DU">Where that of U goes.</param>
/// <param name="DV">Where that of V goes.</param>
internal sealed record QuadraticBackward(HiddenLayer Hidden, Operand W2, Operand Residual, double Factor, Operand DW2, Operand DU, Operand DV) : FusedInstruction
{
    /// <inheritdoc/>
    internal override ImmutableArray<Operand> Reads => [Hidden.U, Hidden.V, W2, Residual];

    /// <inheritdoc/>
    internal override ImmutableArray<Operand> Writes => [DW2, DU, DV];
}

/// <summary>The rewrite rules of the quadratic network with monomials of degree 2 and two operands. Each leaves the meaning of a list of instructions as it is.</summary>
internal static class QuadraticFusions
{
    /// <summary>All rules, one after the other: what the first leaves makes the second possible.</summary>
    internal static ImmutableArray<Instruction> Of(ImmutableArray<Instruction> instructions, Plan plan) => Forward(Backward(instructions), plan);

    /// <summary>The gradients in one.</summary>
    internal static ImmutableArray<Instruction> Backward(ImmutableArray<Instruction> instructions)
    {
        var flow = new Flow(instructions);
        for (var first = 0; first < instructions.Length; first++)
        {
            if (HiddenAt(flow, first) is not var (hidden, h, z) || h is null || hidden.U.Chosen!.Bound > QuadraticBackwardBlock.Most
                || flow.Readers(first, h).ToArray() is not [var chain]
                || flow.Readers(first, z).Where(reader => instructions[reader] is Application { Primitive: MatMul { TransposeLeft: true, TransposeRight: false } }).ToArray() is not [var product]
                || instructions[product] is not Application { Inputs: [var residual, var factor], Output: { Region: Region.Partial } dw2 } || !Flow.AreSame(factor, z)
                || instructions[chain] is not Chain { Links: [{ Primitive: Multiply, Sources: var pair, Store: null }, { Primitive: Multiply, Sources: [Source.Earlier { Link: 0 }, Source.Number { Value: var scale }], Store: { } rows }] }
                || Other(pair, h) is not { } q
                || Array.FindIndex([.. instructions], instruction => instruction is Application { Primitive: MatMul { TransposeLeft: false, TransposeRight: false }, Output: var output } && Flow.AreSame(output, q)) is var back && back < first
                || instructions[back] is not Application { Inputs: [var again, var w2] } || !Flow.AreSame(again, residual) || !IsMatrix(w2) || w2.Shape[0] > QuadraticBackwardBlock.Most
                || flow.Readers(back, q).ToArray() is not [var onlyChain] || onlyChain != chain
                || flow.Readers(chain, rows).ToArray() is not [var one, var other])
            {
                continue;
            }

            if ((Table(one, hidden.U) ?? Table(other, hidden.U)) is { } du && (Table(other, hidden.V) ?? Table(one, hidden.V)) is { } dv && du != dv && IsWrittenOnce(instructions, dw2) && IsWrittenOnce(instructions, du) && IsWrittenOnce(instructions, dv))
            {
                var fused = new QuadraticBackward(hidden, w2, residual, scale, dw2, du, dv);
                int[] gone = [product, back, chain, one, other];

                // Where the first of them stood the residual is there already, and its place not yet another's.
                return [.. instructions.Select((instruction, i) => i == Math.Min(product, back) ? fused : gone.Contains(i) ? null : instruction).OfType<Instruction>()];
            }

            Operand? Table(int place, Operand rowsOf) => instructions[place] is Application { Primitive: ScatterAdd scatter, Output: { Region: Region.Partial } table } && scatter.Rows.Equals(rowsOf.Chosen) ? table : null;
        }

        return instructions;
    }

    /// <summary>Logits and residual in one, where nobody else needs the hidden layer.</summary>
    internal static ImmutableArray<Instruction> Forward(ImmutableArray<Instruction> instructions, Plan plan)
    {
        var flow = new Flow(instructions);
        for (var first = 0; first < instructions.Length; first++)
        {
            if (HiddenAt(flow, first) is var (hidden, h, z) && (h is null || !flow.Readers(first, h).Any())
                && flow.Readers(first, z).ToArray() is [var product]
                && instructions[product] is Application { Primitive: MatMul { TransposeLeft: false, TransposeRight: true }, Inputs: [var factor, var w2], Output: var sums } && Flow.AreSame(factor, z) && IsMatrix(w2)
                && flow.Readers(product, sums).ToArray() is [var chain]
                && Difference(flow, plan, chain, sums) is { } difference)
            {
                var fused = difference with { Hidden = hidden, W2 = w2 };
                return [.. instructions.Select((instruction, i) => i == chain ? fused : i == first || i == product ? null : instruction).OfType<Instruction>()];
            }
        }

        return instructions;
    }

    /// <summary>What a chain makes of the sums z w2ᵀ, if it is the difference from the labels: all of the forward kernel but the hidden layer and w2.</summary>
    private static QuadraticForward? Difference(Flow flow, Plan plan, int place, Operand sums)
    {
        if (flow.Instructions[place] is not Chain { Links: [var y, var difference, .. var rest] }
            || y is not { Primitive: Multiply, Sources: [Source.Memory { Operand: { Chosen: null } read }, Source.Number { Value: var scale }] }
            || difference is not { Primitive: Subtract, Sources: [Source.Earlier { Link: 0 }, Source.Memory { Operand: { Chosen: { } labels } target }], Store: null }
            || read.Offset != sums.Offset || !read.Shape.Equals(sums.Shape) || !read.Strides.AsSpan().SequenceEqual(sums.Strides.AsSpan()) || !IsIdentity(plan, target))
        {
            return null;
        }

        var (squares, residual, gradientScale) = ((Operand?)null, (Operand?)null, 0.0);
        foreach (var link in rest)
        {
            switch (link)
            {
                case { Primitive: Multiply, Sources: [Source.Earlier { Link: 1 }, Source.Earlier { Link: 1 }], Store: { } store } when squares is null:
                    squares = store;
                    break;
                case { Primitive: Multiply, Sources: [Source.Earlier { Link: 1 }, Source.Number { Value: var number }], Store: { } store } when residual is null:
                    (residual, gradientScale) = (store, number);
                    break;
                default:
                    return null;
            }
        }

        Operand? Wanted(Operand? store) => store is not null && (flow.Readers(place, store).Any() || store.Region != Region.Tile) ? store : null;
        return new(null!, null!, labels, scale, gradientScale, Wanted(y.Store), Wanted(squares), Wanted(residual));
    }

    /// <summary>The hidden layer that a chain computes, and where it puts h (if anywhere) and z.</summary>
    private static (HiddenLayer Hidden, Operand? H, Operand Z)? HiddenAt(Flow flow, int place) =>
        flow.Instructions[place] is Chain { Links: [var sum, var square] }
        && sum is { Primitive: Add, Sources: [Source.Memory { Operand: { Chosen: Indices.Named } u }, Source.Memory { Operand: { Chosen: Indices.Named } v }], Store: null or { Region: Region.Tile } }
        && square is { Primitive: Multiply, Sources: [Source.Earlier { Link: 0 }, Source.Earlier { Link: 0 }], Store: { Region: Region.Tile } z }
        && AreRows(u) && AreRows(v)
            ? (new(u, v), sum.Store, z)
            : null;

    private static bool AreRows(Operand view) => view.Shape.Rank == 2 && view.Strides[0] == view.Shape[1] && view.Strides[1] == 1;

    private static bool IsMatrix(Operand operand) => operand.Chosen is null && operand.Shape.Rank == 2 && operand.Strides.AsSpan().SequenceEqual(operand.Shape.Strides().AsSpan());

    /// <summary>The other one of two values in memory of which one is given.</summary>
    private static Operand? Other(ImmutableArray<Source> pair, Operand one) => pair is [Source.Memory { Operand: var a }, Source.Memory { Operand: var b }]
        ? Flow.AreSame(a, one) ? b : Flow.AreSame(b, one) ? a : null
        : null;

    private static bool IsWrittenOnce(ImmutableArray<Instruction> instructions, Operand part) =>
        instructions.Count(instruction => instruction is Application { Output: var output } && output.Region == part.Region && output.Offset == part.Offset) == 1;

    private static bool IsIdentity(Plan plan, Operand rows) => AreRows(rows)
        && plan.Presets.Any(preset => preset.Target.Region == rows.Region && preset.Target.Offset == rows.Offset && preset.Value.Shape.Rank == 2 && preset.Value.Shape[1] == rows.Shape[1]
            && preset.Value.Span.SequenceEqual(new Identity(rows.Shape[1]).Evaluate([]).Span));
}
