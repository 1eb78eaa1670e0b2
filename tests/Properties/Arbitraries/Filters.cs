using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Optimisers;

namespace Grokking.Properties.Arbitraries;

/// <summary>Any filter that experiments can ask for, with settings as it declares them.</summary>
public sealed record AnyFilter(GradientFilter Filter)
{
    public override string ToString() => $"{Filter}";
}

/// <summary>Filters of gradients, drawn as they are declared; means of so few gradients that a short run fills them.</summary>
public static class Filters
{
    private const int LongestWindow = 5;

    public static Arbitrary<AnyFilter> AnyFilters() => Arb.From(
        from kind in Gen.Elements(Declared.Kinds<GradientFilter>().AsEnumerable())
        from seed in Gen.Choose(0, int.MaxValue)
        select new AnyFilter(Draw(kind, new Random(seed))));

    /// <summary>A filter of a class.</summary>
    public static GradientFilter Draw(Type kind, Random random) => Declared.Draw<GradientFilter>(kind, random) is GrokfastMa mean
        ? mean with { Window = random.Next(1, LongestWindow + 1) }
        : Declared.Draw<GradientFilter>(kind, random);

    /// <summary>None, one or two.</summary>
    public static ImmutableArray<GradientFilter> Draw(Random random)
    {
        var kinds = Declared.Kinds<GradientFilter>();
        return [.. Enumerable.Range(0, random.Next(3)).Select(_ => Draw(kinds[random.Next(kinds.Length)], random))];
    }
}
