using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grokking.Host.Benchmarks;

/// <summary>A vector width of this processor, and the loop that keeps its multiply-add units full.</summary>
/// <param name="Name">Such as <c>AVX-512</c>.</param>
/// <param name="Loop">Runs so many turns of twelve instructions; answers the multiply-adds executed.</param>
internal sealed record ArithmeticPeak(string Name, Func<int, float, double> Loop)
{
    // About 0.1 ms: short against a burst, long against reading the clock.
    private const int TurnsBetweenLooks = 20_000;

    private const double Giga = 1e9;

    /// <summary>The widths that this processor has, the widest first; never empty.</summary>
    /// <remarks><see cref="Avx512F"/> is asked, not <c>Vector512.IsHardwareAccelerated</c>, which .NET answers with no where it prefers 256 bits.</remarks>
    public static ImmutableArray<ArithmeticPeak> Available { get; } =
    [
        .. Avx512F.IsSupported ? [new ArithmeticPeak("AVX-512", MultiplyAddLoop<MultiplyAdd512, Vector512<float>>.Run)] : Array.Empty<ArithmeticPeak>(),
        .. Fma.IsSupported ? [new ArithmeticPeak("AVX2", MultiplyAddLoop<MultiplyAdd256, Vector256<float>>.Run)] : Array.Empty<ArithmeticPeak>(),
        .. Fma.IsSupported ? [] : new[] { new ArithmeticPeak("128 bits", MultiplyAddLoop<MultiplyAdd128, Vector128<float>>.Run) },
    ];

    /// <summary>The peak that shares are taken of.</summary>
    public static ArithmeticPeak Widest => Available[0];

    /// <summary>Runs the loop for a while.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="seconds">For how long.</param>
    /// <returns>GFLOP/s of all threads together; a multiply-add is two.</returns>
    public double Burst(int threads, double seconds)
    {
        (double multiplyAdds, double elapsed) = Crew.Run(threads, _ =>
        {
            long start = Stopwatch.GetTimestamp();
            double executed = 0;
            do
                executed += Loop(TurnsBetweenLooks, 1);
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
            return executed;
        });
        return 2 * multiplyAdds / elapsed / Giga;
    }
}
