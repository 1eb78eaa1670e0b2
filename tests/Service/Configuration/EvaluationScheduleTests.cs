using Grokking.Host.Configuration;

namespace Grokking.Service.Configuration;

/// <summary>When networks are evaluated.</summary>
public class EvaluationScheduleTests
{
    public static TheoryData<int> Counts => [1, 2, 7, 10, 50, 1000];

    [Fact]
    public void Every_so_many_steps_means_multiples()
    {
        var schedule = new EvaluationSchedule.Every(7);

        Assert.Equal([7, 14, 21], Walk(schedule, 3));
        Assert.True(schedule.Includes(0));
        Assert.True(schedule.Includes(14));
        Assert.False(schedule.Includes(15));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Per_decade_means_the_distinct_rounded_powers(int count)
    {
        var schedule = new EvaluationSchedule.PerDecade(count);
        long[] expected = [.. Enumerable.Range(0, (5 * count) + 1).Select(k => (long)Math.Round(Math.Pow(10, (double)k / count))).Distinct()];

        Assert.Equal(expected, Walk(schedule, expected.Length));
        Assert.Equal(expected.Append(0).ToHashSet(), Enumerable.Range(0, 100_001).Select(step => (long)step).Where(schedule.Includes).ToHashSet());
    }

    private static long[] Walk(EvaluationSchedule schedule, int count)
    {
        var steps = new long[count];
        for (int i = 0; i < count; i++)
            steps[i] = schedule.NextAfter(i == 0 ? 0 : steps[i - 1]);
        return steps;
    }
}
