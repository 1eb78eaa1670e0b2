using Grokking.Host.Configuration;

namespace Grokking.Service.Configuration;

/// <summary>When networks are evaluated.</summary>
public class EvaluationScheduleTests
{
    public static TheoryData<int> Counts => [1, 2, 7, 10, 50, 1000];

    [Fact]
    public void Every_so_many_steps_means_multiples()
    {
        var schedule = new EvaluationSchedule(7, null);

        Assert.Equal([7, 14, 21], Walk(schedule, 3));
        Assert.True(schedule.Includes(0));
        Assert.True(schedule.Includes(14));
        Assert.False(schedule.Includes(15));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Per_decade_means_the_distinct_rounded_powers(int count)
    {
        var schedule = new EvaluationSchedule(null, count);
        long[] expected = [.. Enumerable.Range(0, (5 * count) + 1).Select(k => (long)Math.Round(Math.Pow(10, (double)k / count))).Distinct()];

        Assert.Equal(expected, Walk(schedule, expected.Length));
        Assert.Equal(expected.Append(0).ToHashSet(), Enumerable.Range(0, 100_001).Select(step => (long)step).Where(schedule.Includes).ToHashSet());
    }

    [Fact]
    public void Both_rules_together_give_the_steps_of_either()
    {
        var schedule = new EvaluationSchedule(40, 3);

        Assert.Equal([1, 2, 5, 10, 22, 40, 46, 80, 100, 120], Walk(schedule, 10));
        Assert.Equal(1 + Enumerable.Range(1, 999).Count(step => schedule.Includes(step)), Enumerable.Range(0, 1000).Count(step => schedule.Includes(step)));
        Assert.Equal(25 + 9, schedule.Count(1000));
    }

    private static long[] Walk(EvaluationSchedule schedule, int count)
    {
        var steps = new long[count];
        for (int i = 0; i < count; i++)
            steps[i] = schedule.NextAfter(i == 0 ? 0 : steps[i - 1]);
        return steps;
    }
}
