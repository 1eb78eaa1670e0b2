using System.Numerics;
using System.Runtime.InteropServices;

namespace Grokking.Host.Benchmarks;

/// <summary>How fast this machine's memory is read and written: arrays larger than its caches, each thread on its own part.</summary>
internal sealed class MemoryBandwidth
{
    // 64 MiB each, twice the largest last-level cache that a core commonly has to itself.
    private const int Length = 16 << 20;

    private const double Giga = 1e9;

    private readonly float[] a = new float[Length];
    private readonly float[] b = Filled(1);
    private readonly float[] c = Filled(2);

    /// <summary>Reads one array.</summary>
    /// <param name="threads">Threads.</param>
    /// <returns>GB/s.</returns>
    public double Read(int threads)
    {
        (double sum, double seconds) = Crew.Run(threads, place => Sum(Part(b, place, threads)));
        return sum > 0 ? sizeof(float) * (double)Length / seconds / Giga : throw new InvalidOperationException("The memory lost its ones.");
    }

    /// <summary>a ← b + 3c: two arrays read, one written. The reads that a write to a cached line costs beside are not counted.</summary>
    /// <param name="threads">Threads.</param>
    /// <returns>GB/s.</returns>
    public double Triad(int threads)
    {
        (_, double seconds) = Crew.Run(threads, place => Combine(Part(a, place, threads), Part(b, place, threads), Part(c, place, threads)));
        return 3 * sizeof(float) * (double)Length / seconds / Giga;
    }

    private static float[] Filled(float value)
    {
        var array = new float[Length];
        array.AsSpan().Fill(value);
        return array;
    }

    private static Span<Vector<float>> Part(float[] array, int place, int parts)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(array.AsSpan());
        int share = vectors.Length / parts;
        return place == parts - 1 ? vectors[(place * share)..] : vectors.Slice(place * share, share);
    }

    private static double Sum(ReadOnlySpan<Vector<float>> values)
    {
        // Four sums, so that additions do not wait for each other.
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + 3 < values.Length; i += 4)
        {
            s0 += values[i];
            s1 += values[i + 1];
            s2 += values[i + 2];
            s3 += values[i + 3];
        }

        for (; i < values.Length; i++)
            s0 += values[i];
        return Vector.Sum(s0 + s1 + s2 + s3);
    }

    private static double Combine(Span<Vector<float>> to, ReadOnlySpan<Vector<float>> first, ReadOnlySpan<Vector<float>> second)
    {
        var three = new Vector<float>(3);
        for (int i = 0; i < to.Length; i++)
            to[i] = first[i] + (three * second[i]);
        return to.Length;
    }
}
