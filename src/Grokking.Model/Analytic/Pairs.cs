using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Analytic;

/// <summary>All pairs of operands of a task, x outermost, with the right answers.</summary>
internal static class Pairs
{
    /// <summary>Every pair for which there is an answer; a negative one means that the pair lies outside the domain.</summary>
    public static Batch Of(int modulus, Func<int, int, int> answer)
    {
        var samples = (
            from x in Enumerable.Range(0, modulus)
            from y in Enumerable.Range(0, modulus)
            let label = answer(x, y)
            where label >= 0
            select (x, y, label)).ToImmutableArray();
        Indices Column(Func<(int X, int Y, int Label), int> choose) => Indices.Of([.. samples.Select(choose)], modulus);
        return new([Column(sample => sample.X), Column(sample => sample.Y)], Column(sample => sample.Label));
    }

    /// <summary>The answers as a function of the pair, as in <see cref="Of"/>.</summary>
    public static Func<int, int, int> Answer(Batch samples, int modulus)
    {
        var table = new int[modulus * modulus];
        Array.Fill(table, -1);
        var (xs, ys, labels) = (Known(samples.Operands[0]), Known(samples.Operands[1]), Known(samples.Labels));
        for (var sample = 0; sample < labels.Length; sample++)
        {
            table[(xs[sample] * modulus) + ys[sample]] = labels[sample];
        }

        return (x, y) => table[(x * modulus) + y];
    }

    /// <summary>The values of indices that are known.</summary>
    public static ImmutableArray<int> Known(Indices indices) => indices is Indices.Known known
        ? known.Values
        : throw new ArgumentException("The samples of an analytic solution are known numbers.", nameof(indices));

    /// <summary>A non-negative remainder of division by the modulus.</summary>
    public static int Mod(int value, int modulus) => ((value % modulus) + modulus) % modulus;
}
