using System.Runtime.CompilerServices;

namespace Grokking.Host.Benchmarks;

/// <summary>
/// Fused multiply-adds without memory: twelve independent chains, enough to hide a latency of four cycles on two units (and on three), few
/// enough for sixteen registers.
/// </summary>
/// <remarks>
/// Each chain computes x ← x·1 + 1 from zero, so every lane counts the instructions that it took part in, and the sum over all lanes is the
/// number of multiply-adds that were really executed: the loop cannot claim work that it did not do.
/// </remarks>
/// <typeparam name="TWidth">The width.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal static class MultiplyAddLoop<TWidth, TVector>
    where TWidth : IMultiplyAdd<TVector>
    where TVector : struct
{
    /// <summary>Instructions of one turn of the loop.</summary>
    public const int Chains = 12;

    /// <summary>A lane counts exactly up to 2^24, the last of float32's consecutive integers.</summary>
    public const int MostTurns = 1 << 24;

    /// <summary>Runs the loop.</summary>
    /// <param name="turns">Turns, at most <see cref="MostTurns"/>.</param>
    /// <param name="unit">1. The compiler must not know: it might make an addition of the multiply-add.</param>
    /// <returns>Multiply-adds executed, as the lanes counted them.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Run(int turns, float unit)
    {
        TVector one = TWidth.All(unit);
        TVector x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default;
        TVector x6 = default, x7 = default, x8 = default, x9 = default, x10 = default, x11 = default;
        for (int turn = 0; turn < turns; turn++)
        {
            x0 = TWidth.Of(x0, one, one);
            x1 = TWidth.Of(x1, one, one);
            x2 = TWidth.Of(x2, one, one);
            x3 = TWidth.Of(x3, one, one);
            x4 = TWidth.Of(x4, one, one);
            x5 = TWidth.Of(x5, one, one);
            x6 = TWidth.Of(x6, one, one);
            x7 = TWidth.Of(x7, one, one);
            x8 = TWidth.Of(x8, one, one);
            x9 = TWidth.Of(x9, one, one);
            x10 = TWidth.Of(x10, one, one);
            x11 = TWidth.Of(x11, one, one);
        }

        return TWidth.Sum(x0) + TWidth.Sum(x1) + TWidth.Sum(x2) + TWidth.Sum(x3) + TWidth.Sum(x4) + TWidth.Sum(x5)
            + TWidth.Sum(x6) + TWidth.Sum(x7) + TWidth.Sum(x8) + TWidth.Sum(x9) + TWidth.Sum(x10) + TWidth.Sum(x11);
    }
}
