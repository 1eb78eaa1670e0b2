using System.Collections.Immutable;

namespace Grokking.Host.Metrics;

/// <summary>How steps are spread over buckets.</summary>
internal enum StepScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>Evenly on a logarithmic axis; step 0 lies with the first.</summary>
    Log,
}

/// <summary>
/// A curve for the eyes: where there are more rows than can be shown, each bucket of neighbouring steps becomes the least and the largest of its values, beside the last
/// one. No peak is lost, and whoever reads it is told.
/// </summary>
internal static class Decimation
{
    /// <summary>The rows that stand for buckets.</summary>
    /// <param name="steps">Steps, ascending.</param>
    /// <param name="from">The first step that is asked for.</param>
    /// <param name="to">The last one.</param>
    /// <param name="points">How many buckets there may be, at least 1.</param>
    /// <param name="scale">How they are spread.</param>
    /// <returns>For each bucket that has rows the range of its rows, in order; as many as rows where they all can be shown.</returns>
    public static ImmutableArray<Range> Buckets(ReadOnlySpan<long> steps, long from, long to, int points, StepScale scale)
    {
        int start = FirstAtLeast(steps, from);
        int end = to == long.MaxValue ? steps.Length : FirstAtLeast(steps, to + 1);
        if (end - start <= points)
            return [.. Enumerable.Range(start, Math.Max(0, end - start)).Select(row => row..(row + 1))];
        var ranges = ImmutableArray.CreateBuilder<Range>(points);
        double low = Position(steps[start], scale), high = Position(steps[end - 1], scale);
        for (int row = start; row < end;)
        {
            int bucket = Bucket(steps[row], low, high, points, scale);
            int next = row + 1;
            while (next < end && Bucket(steps[next], low, high, points, scale) == bucket)
                next++;
            ranges.Add(row..next);
            row = next;
        }

        return ranges.ToImmutable();
    }

    private static int Bucket(long step, double low, double high, int points, StepScale scale) =>
        Math.Min(points - 1, (int)((Position(step, scale) - low) / (high - low) * points));

    private static double Position(long step, StepScale scale) => scale == StepScale.Linear ? step : Math.Log(Math.Max(1, step));

    private static int FirstAtLeast(ReadOnlySpan<long> steps, long step)
    {
        int place = steps.BinarySearch(step);
        return place >= 0 ? place : ~place;
    }
}
