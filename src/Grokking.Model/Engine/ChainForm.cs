using System.Collections.Immutable;
using System.Globalization;
using Grokking.Tensors;

namespace Grokking.Engine;

/// <summary>
/// A fused chain with everything that it touches numbered: first the distinct views that it reads, then those that it writes, then its
/// constants. Views walk through the chain's collapsed axes by steps; a constant is one element with steps of 0. A view of chosen rows does not
/// step from row to row: it is put in its place anew.
/// </summary>
internal sealed class ChainForm
{
    internal ChainForm(Chain chain)
    {
        var sources = chain.Links.SelectMany(link => link.Sources).ToList();
        ImmutableArray<Operand> reads = [.. sources.OfType<Source.Memory>().Select(source => source.Operand).Distinct(Same.View)];
        Memory = [.. reads, .. chain.Links.Where(link => link.Store is not null).Select(link => link.Store!)];
        Numbers = [.. sources.OfType<Source.Number>().Select(source => source.Value).DistinctBy(BitConverter.DoubleToInt64Bits)];
        (Lengths, Steps, RowFactor) = Collapsed.Of(chain.Shape, [.. Memory.Select(operand => operand.Chosen is null ? operand.Strides : operand.Strides.SetItem(0, 0))]);

        var store = reads.Length;
        Links = [.. chain.Links.Select(link => new FormLink(link.Primitive, Argument(link, 0), Argument(link, 1), link.Store is null ? FormLink.NoStore : store++))];

        Argument Argument(Link link, int place) => link.Sources[Math.Min(place, link.Sources.Length - 1)] switch
        {
            Source.Earlier earlier => new(true, earlier.Link),
            Source.Memory value => new(false, reads.IndexOf(value.Operand, Same.View)),
            Source.Number number => new(false, Memory.Length + Numbers.IndexOf(number.Value, Bits.Equal)),
            var other => throw new NotSupportedException($"A chain cannot read {other}."),
        };
    }

    /// <summary>The views: those read, then those written.</summary>
    internal ImmutableArray<Operand> Memory { get; }

    /// <summary>The distinct constants, numbered after the views.</summary>
    internal ImmutableArray<double> Numbers { get; }

    /// <summary>The operations in order.</summary>
    internal ImmutableArray<FormLink> Links { get; }

    /// <summary>Lengths of the collapsed axes; the first one holds all rows.</summary>
    internal int[] Lengths { get; }

    /// <summary>For each view its steps along the collapsed axes, in elements.</summary>
    internal int[][] Steps { get; }

    /// <summary>Elements of the first collapsed axis for each row of the chain's first axis.</summary>
    internal int RowFactor { get; }

    /// <summary>The step of a view or a constant along the innermost axis.</summary>
    internal int InnerStep(int operand) => operand < Memory.Length ? Steps[operand][^1] : 0;

    /// <summary>The last link that uses a link's result, or the link itself.</summary>
    internal int LastUse(int link) =>
        Enumerable.Range(link, Links.Length - link).Last(later => later == link || Links[later].Uses(new(true, link)));

    /// <summary>What a compiled chain depends on: equal words mean that one serves both.</summary>
    internal string Structure => string.Join(';', Links.Select(link =>
            string.Create(CultureInfo.InvariantCulture, $"{link.Primitive?.GetType().Name} {link.A} {link.B} {link.Store}")))
        + '|' + Memory.Length.ToString(CultureInfo.InvariantCulture) + '|' + string.Join(',', Enumerable.Range(0, Memory.Length + Numbers.Length).Select(InnerStep));

    /// <summary>Two operands are one when they are the same view of the same memory.</summary>
    private sealed class Same : IEqualityComparer<Operand>
    {
        internal static Same View { get; } = new();

        public bool Equals(Operand? x, Operand? y) =>
            x!.Region == y!.Region && x.Offset == y.Offset && x.Shape.Equals(y.Shape) && x.Strides.SequenceEqual(y.Strides) && x.PerSample == y.PerSample && Equals(x.Chosen, y.Chosen);

        public int GetHashCode(Operand operand) => HashCode.Combine(operand.Region, operand.Offset);
    }

    /// <summary>Two numbers are one when their bits are: 0 and −0 are two.</summary>
    private sealed class Bits : IEqualityComparer<double>
    {
        internal static Bits Equal { get; } = new();

        public bool Equals(double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y);

        public int GetHashCode(double number) => BitConverter.DoubleToInt64Bits(number).GetHashCode();
    }
}

/// <summary>What an operation works on: an earlier link's result, or a view or constant by its number.</summary>
internal sealed record Argument(bool IsResult, int Index);

/// <summary>One operation; where it takes one argument, B is A.</summary>
/// <param name="Primitive">The elementwise function; null copies A.</param>
/// <param name="A">The first argument.</param>
/// <param name="B">The second argument.</param>
/// <param name="Store">The number of the view that keeps the result, or <see cref="NoStore"/>.</param>
internal sealed record FormLink(Primitive? Primitive, Argument A, Argument B, int Store)
{
    /// <summary>The result is needed within the chain only.</summary>
    internal const int NoStore = -1;

    internal bool IsStored => Store != NoStore;

    internal bool Uses(Argument argument) => A == argument || B == argument;
}
