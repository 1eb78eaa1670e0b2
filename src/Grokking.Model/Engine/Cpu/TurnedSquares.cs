using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grokking.Engine.Cpu;

/// <summary>Squares of 8 × 8 float32 numbers, transposed in registers.</summary>
internal static unsafe class TurnedSquares
{
    private const int Rows = 8;

    /// <summary>The side of the squares that this machine turns; 0 where it turns none of this type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Side<T>() => typeof(T) == typeof(float) && Avx.IsSupported ? Rows : 0;

    /// <summary>Element (i, j) of the square, at from[i·fromStep + j], goes to to[j·toStep + i].</summary>
    internal static void Turn(float* from, nint fromStep, float* to, nint toStep)
    {
        var (a, b) = (Vector256.Load(from), Vector256.Load(from + fromStep));
        var (c, d) = (Vector256.Load(from + (2 * fromStep)), Vector256.Load(from + (3 * fromStep)));
        var (e, f) = (Vector256.Load(from + (4 * fromStep)), Vector256.Load(from + (5 * fromStep)));
        var (g, h) = (Vector256.Load(from + (6 * fromStep)), Vector256.Load(from + (7 * fromStep)));

        // Pairs of rows, then fours, in each half of 128 bits; then the halves change places.
        var (ab0, ab1, cd0, cd1) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        var (ef0, ef1, gh0, gh1) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f), Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        var (low0, low1) = (Avx.Shuffle(ab0, cd0, 0x44), Avx.Shuffle(ab0, cd0, 0xEE));
        var (low2, low3) = (Avx.Shuffle(ab1, cd1, 0x44), Avx.Shuffle(ab1, cd1, 0xEE));
        var (high0, high1) = (Avx.Shuffle(ef0, gh0, 0x44), Avx.Shuffle(ef0, gh0, 0xEE));
        var (high2, high3) = (Avx.Shuffle(ef1, gh1, 0x44), Avx.Shuffle(ef1, gh1, 0xEE));
        Avx.Permute2x128(low0, high0, 0x20).Store(to);
        Avx.Permute2x128(low1, high1, 0x20).Store(to + toStep);
        Avx.Permute2x128(low2, high2, 0x20).Store(to + (2 * toStep));
        Avx.Permute2x128(low3, high3, 0x20).Store(to + (3 * toStep));
        Avx.Permute2x128(low0, high0, 0x31).Store(to + (4 * toStep));
        Avx.Permute2x128(low1, high1, 0x31).Store(to + (5 * toStep));
        Avx.Permute2x128(low2, high2, 0x31).Store(to + (6 * toStep));
        Avx.Permute2x128(low3, high3, 0x31).Store(to + (7 * toStep));
    }
}
