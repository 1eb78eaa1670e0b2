using FsCheck;
using FsCheck.Xunit;
using Grokking.Host.Metrics;

namespace Grokking.Service.Metrics;

/// <summary>What is shown of a curve: every row is in one bucket, in order, and there are no more buckets than were asked for.</summary>
public class DecimationLaws
{
    [Property(MaxTest = 500)]
    public void Every_row_of_the_range_is_in_one_bucket_and_in_order(PositiveInt[] gaps, PositiveInt points, NonNegativeInt from, NonNegativeInt length, bool log)
    {
        long[] steps = [.. gaps.Select((_, i) => gaps.Take(i).Sum(gap => (long)gap.Get))];
        long to = from.Get + length.Get;
        Range[] buckets = [.. Decimation.Buckets(steps, from.Get, to, points.Get, log ? StepScale.Log : StepScale.Linear)];

        Assert.InRange(buckets.Length, 0, points.Get);
        Assert.Equal(steps.Where(step => step >= from.Get && step <= to), buckets.SelectMany(bucket => steps[bucket]));
        Assert.DoesNotContain(buckets, bucket => bucket.End.Value <= bucket.Start.Value);
    }

    [Fact]
    public void A_logarithmic_axis_spreads_its_buckets_over_decades()
    {
        long[] steps = [.. Enumerable.Range(0, 10_001).Select(step => (long)step)];
        int Below100(StepScale scale) => Decimation.Buckets(steps, 0, long.MaxValue, 100, scale).Count(bucket => steps[bucket.End.Value - 1] < 100);
        // 0 to 99 are the first of a hundred.
        Assert.Equal(1, Below100(StepScale.Linear));
        Assert.InRange(Below100(StepScale.Log), 20, 50);
    }
}
