using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Engine;

/// <summary>Where a buffer lives.</summary>
internal enum Region
{
    /// <summary>One for the program: constants, whole values, rows of all samples that must outlive a pass, and the variables that are not in <see cref="Present"/>.</summary>
    Whole,

    /// <summary>One for the program: the variables that a run computes anew. A commit exchanges it with <see cref="Next"/>.</summary>
    Present,

    /// <summary>One for the program, laid out as <see cref="Present"/>: what its variables are to become.</summary>
    Next,

    /// <summary>One for each thread: rows of the tile at hand.</summary>
    Tile,

    /// <summary>One for each shard: its part of a sum over samples, in the program's precision.</summary>
    Partial,

    /// <summary>One for each shard: its part of a sum over samples, in float64.</summary>
    PartialSum,
}

/// <summary>A value in memory, or a view into one.</summary>
/// <param name="Region">Where it lives.</param>
/// <param name="Offset">Its first element, counted in elements from the region's start.</param>
/// <param name="Shape">Its shape; the first axis of rows counts all samples.</param>
/// <param name="Strides">How far neighbours along each axis lie apart, in elements; 0 where one element serves a whole axis.</param>
/// <param name="PerSample">Rows of the first axis per sample when it is worked through in tiles; 0 when it is used whole.</param>
internal sealed record Operand(Region Region, int Offset, Shape Shape, ImmutableArray<int> Strides, int PerSample)
{
    /// <summary>
    /// Where given, row r of the view is row <c>Chosen[r]</c> of a table: reading it gathers, writing it scatters. Only chains have such views.
    /// </summary>
    public Indices? Chosen { get; init; }
}

/// <summary>One thing to do; what it does for a tile it does for that tile's rows only.</summary>
internal abstract record Instruction
{
    /// <summary>Whether an update depends on it; the others can be left out of a run whose outputs nobody reads.</summary>
    public bool ForUpdates { get; init; } = true;
}

/// <summary>A primitive that is no elementwise function. An output in a partial region is added to, not set.</summary>
internal sealed record Application(Primitive Primitive, ImmutableArray<Operand> Inputs, Operand Output) : Instruction;

/// <summary>Elementwise operations fused into one pass over elements of one shape.</summary>
/// <param name="Shape">The common shape.</param>
/// <param name="PerSample">Rows of the first axis per sample, or 0 for a whole value.</param>
/// <param name="Links">The operations in order.</param>
internal sealed record Chain(Shape Shape, int PerSample, ImmutableArray<Link> Links) : Instruction;

/// <summary>One operation of a chain.</summary>
/// <param name="Primitive">The elementwise function; null copies the only source.</param>
/// <param name="Sources">Its arguments.</param>
/// <param name="Store">Where the result is needed outside the chain; null where it is not.</param>
internal sealed record Link(Primitive? Primitive, ImmutableArray<Source> Sources, Operand? Store);

/// <summary>An argument of a chain's operation: a value in memory, the result of an earlier link, or a constant.</summary>
internal abstract record Source
{
    private Source()
    {
    }

    /// <summary>A value in memory, stretched over the chain's shape by strides of 0.</summary>
    public sealed record Memory(Operand Operand) : Source;

    /// <summary>The result of an earlier link.</summary>
    public sealed record Earlier(int Link) : Source;

    /// <summary>A number.</summary>
    public sealed record Number(double Value) : Source;
}

/// <summary>A sum over samples: the parts of all shards, added in shard order, go to the target.</summary>
internal sealed record Accumulation(Operand Part, Operand Target);

/// <summary>One pass: what is computed once before it, what is computed for each tile, and the sums that it leaves.</summary>
/// <param name="Once">Round after round; the instructions of one round need nothing of each other.</param>
/// <param name="PerTile">One after the other.</param>
/// <param name="Sums">In any order.</param>
internal sealed record Stage(ImmutableArray<ImmutableArray<Instruction>> Once, ImmutableArray<Instruction> PerTile, ImmutableArray<Accumulation> Sums);

/// <summary>A whole tensor of known numbers that is written once, before the first run.</summary>
internal sealed record Preset(Operand Target, Dense Value);

/// <summary>
/// A computation laid out for execution, neutral of the machine: every value has its place, every pass its instructions. The result of
/// a run depends on the plan (its tiles and shards) and never on how many threads work it off.
/// </summary>
internal sealed record Plan(
    ImmutableArray<Stage> Stages,
    ImmutableDictionary<string, Operand> Variables,
    ImmutableDictionary<string, Indices.Named> Indices,
    ImmutableHashSet<string> Draws,
    ImmutableArray<Preset> Presets,
    ImmutableDictionary<string, Operand> Outputs,
    ImmutableArray<(Operand From, Operand To)> Updates,
    ImmutableDictionary<Region, int> Sizes,
    Tiling Tiling);
