using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Arbitraries;

/// <summary>A random chain over one stretch of memory, whose reads come first and whose writes lie behind them, each by itself.</summary>
public sealed class AnyChain
{
    internal AnyChain(Chain chain, ImmutableArray<double> memory, int samples, int allSamples) =>
        (Chain, Memory, Samples, AllSamples) = (chain, memory, samples, allSamples);

    /// <summary>The elements, float64 numbers that the precision at hand rounds.</summary>
    public ImmutableArray<double> Memory { get; }

    /// <summary>How many samples the tile at hand has, of <see cref="AllSamples"/>.</summary>
    public int Samples { get; }

    /// <summary>Samples of the chain's shape.</summary>
    public int AllSamples { get; }

    /// <summary>What to compute.</summary>
    internal Chain Chain { get; }

    public override string ToString() => $"{Chain.Shape}, {Chain.PerSample} rows for each of {Samples}/{AllSamples} samples:\n"
        + string.Join('\n', Chain.Links.Select((link, i) => $"  {i} = {link.Primitive?.Name ?? "copy"}({string.Join(", ", link.Sources.Select(Words))})"
            + (link.Store is { } store ? $" to {store.Offset}" : "")));

    private static string Words(Source source) => source switch
    {
        Source.Earlier earlier => $"{earlier.Link}",
        Source.Number number => $"number {number.Value:R}",
        Source.Memory memory => $"at {memory.Operand.Offset} by [{string.Join(", ", memory.Operand.Strides)}]",
        _ => "?",
    };
}

/// <summary>Chains of up to twelve operations, whose lines straddle the vector widths.</summary>
public static class Chains
{
    /// <summary>Elements in front of a written view that nothing may touch.</summary>
    public const int Fence = 3;

    /// <summary>What lies in memory before anything is written.</summary>
    private const double Unwritten = -7;

    private static readonly ImmutableArray<int> Lengths = [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 65];

    private static readonly ImmutableArray<double> Remarkable =
        [0, -0.0, 1, -1, 2, 0.5, 1e-40, -1e-310, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 3.25, 1.0 / 3];

    /// <summary>The operations of a chain that are rounded once, as by the standard. What a formula detaches never comes to a chain.</summary>
    internal static ImmutableArray<Elementwise> Exact { get; } =
        [.. Applications.Elementwise.Where(primitive => VectorFunction.Of(primitive) is null && primitive is not Detach)];

    /// <summary>Those with a vector form of our own.</summary>
    internal static ImmutableArray<Elementwise> Transcendental { get; } =
        [.. Applications.Elementwise.Where(primitive => VectorFunction.Of(primitive) is not null)];

    public static Arbitrary<AnyChain> AnyChains() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from links in Gen.Choose(1, 12)
        select Draw(new Random(seed), links));

    private static AnyChain Draw(Random random, int links)
    {
        int Length() => Lengths[random.Next(Lengths.Length)];
        var rank = random.Next(4);
        var allSamples = random.Next(1, 6);
        var perSample = rank > 0 && random.Next(2) == 0 ? random.Next(1, 4) : 0;
        int[] axes = [.. Enumerable.Range(0, rank).Select(axis => rank == 3 && axis < 2 ? random.Next(1, 5) : Length())];
        if (rank == 1 && random.Next(4) == 0)
        {
            axes[0] = random.Next(500, 1100);
        }

        if (perSample > 0)
        {
            axes[0] = perSample * allSamples;
        }

        var shape = Shape.Of(axes);
        var elements = 0;
        ImmutableArray<Source> views =
            [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Source.Memory(Read(random, shape, perSample, ref elements)))];
        var read = elements;
        ImmutableArray<Link> chain = [.. Enumerable.Range(0, links).Select(i => Draw(random, i, links, views, () =>
        {
            elements += Fence;
            return Place(shape, perSample, ref elements);
        }))];
        ImmutableArray<double> memory = [.. Enumerable.Range(0, elements + Fence).Select(i => i >= read ? Unwritten
            : random.Next(5) == 0 ? Remarkable[random.Next(Remarkable.Length)]
            : (random.NextDouble() * 4) - 2)];
        return new(new(shape, perSample, chain), memory, perSample == 0 ? allSamples : random.Next(0, allSamples + 1), allSamples);
    }

    private static Link Draw(Random random, int place, int links, ImmutableArray<Source> views, Func<Operand> store)
    {
        var primitive = random.Next(12) switch
        {
            0 => null,
            1 => Transcendental[random.Next(Transcendental.Length)],
            _ => Exact[random.Next(Exact.Length)],
        };
        Source Argument() => random.Next(8) switch
        {
            0 => new Source.Number(Remarkable[random.Next(Remarkable.Length)]),
            < 4 => views[random.Next(views.Length)],
            _ => place == 0 ? views[0] : new Source.Earlier(random.Next(place)),
        };
        return new(
            primitive,
            [.. Enumerable.Range(0, primitive?.Arity ?? 1).Select(_ => Argument())],
            place == links - 1 || random.Next(4) == 0 ? store() : null);
    }

    /// <summary>A view whose axes may lie in any order in memory, with gaps between elements, or be stretched over some of them.</summary>
    private static Operand Read(Random random, Shape shape, int perSample, ref int elements)
    {
        switch (random.Next(4))
        {
            case 0:
                var strides = new int[shape.Rank];
                var size = random.Next(1, 4);
                foreach (var axis in Enumerable.Range(0, shape.Rank).OrderBy(_ => random.Next()))
                {
                    strides[axis] = size;
                    size *= shape[axis];
                }

                elements += size;
                return new(Region.Whole, elements - size, shape, [.. strides], perSample);
            case 1:
                var start = elements;
                var narrow = Shape.Of([.. Enumerable.Range(0, shape.Rank)
                    .Select(axis => random.Next(2) == 0 && (axis > 0 || perSample == 0) ? 1 : shape[axis])]);
                elements += narrow.Count;
                var stretched = narrow.Strides().Select((stride, axis) => narrow[axis] == 1 && shape[axis] != 1 ? 0 : stride);
                return new(Region.Whole, start, shape, [.. stretched], perSample);
            default:
                return Place(shape, perSample, ref elements);
        }
    }

    private static Operand Place(Shape shape, int perSample, ref int elements)
    {
        elements += shape.Count;
        return new(Region.Whole, elements - shape.Count, shape, shape.Strides(), perSample);
    }
}
