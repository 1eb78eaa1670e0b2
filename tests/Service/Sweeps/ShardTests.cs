using Grokking.Host.Sweeps;

namespace Grokking.Service.Sweeps;

/// <summary>Which runs a shard has, and how it learns which one it is.</summary>
public class ShardTests
{
    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("0/8", 0, 8)]
    [InlineData("7/8", 7, 8)]
    [InlineData("007/8", 7, 8)]
    [InlineData("99999/100000", 99_999, 100_000)]
    public void A_shard_is_read(string text, int index, int count) => Assert.Equal(new Shard(index, count), Shard.Parse("--shard", text).OrThrow());

    [Theory]
    [InlineData("", "it must be INDEX/COUNT")]
    [InlineData("3", "it must be INDEX/COUNT")]
    [InlineData("/8", "it must be INDEX/COUNT")]
    [InlineData("1/2/3", "it must be INDEX/COUNT")]
    [InlineData("-1/8", "it must be INDEX/COUNT")]
    [InlineData("a/8", "it must be INDEX/COUNT")]
    [InlineData("1.0/8", "it must be INDEX/COUNT")]
    [InlineData("1 /8", "it must be INDEX/COUNT")]
    [InlineData("8/8", "the index must be from 0 to 7")]
    [InlineData("0/0", "1 to 100000 shards")]
    [InlineData("0/100001", "1 to 100000 shards")]
    [InlineData("0/99999999999999999999", "it must be INDEX/COUNT")]
    public void Another_text_is_refused(string text, string reason) =>
        Assert.Contains(reason, Shard.Parse("--shard", text).Match(_ => "", sentence => sentence), StringComparison.Ordinal);

    [Theory]
    [InlineData("3", null, 3)]
    [InlineData(null, "3", 3)]
    [InlineData("", "3", 3)]
    [InlineData("2", "3", 2)]
    [InlineData("0", null, 0)]
    [InlineData("7", null, 7)]
    public void The_scheduler_says_which_one_it_is_and_Slurm_comes_first(string? slurm, string? kubernetes, int expected) =>
        Assert.Equal(new Shard(expected, 8), FromEnvironment(slurm, kubernetes).OrThrow());

    [Theory]
    [InlineData(null, null, "SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX must be set")]
    [InlineData("8", null, "SLURM_ARRAY_TASK_ID is 8 for --shards 8; the index must be from 0 to 7")]
    [InlineData(null, "-1", "JOB_COMPLETION_INDEX is -1; it must be an integer from 0 to 7")]
    [InlineData("4294967294", "1", "SLURM_ARRAY_TASK_ID is 4294967294; it must be an integer from 0 to 7")]
    public void Without_a_usable_index_nothing_is_trained(string? slurm, string? kubernetes, string reason) =>
        Assert.Contains(reason, FromEnvironment(slurm, kubernetes).Match(_ => "", sentence => sentence), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(30)]
    public void Every_run_is_in_one_shard_and_shards_are_alike_in_size(int count)
    {
        SweepPlan plan = PlanTests.Plan(Axis.Parse("network.width=4:15:1").OrThrow());
        SweepPlan[] parts = [.. Enumerable.Range(0, count).Select(index => plan.Only(new Shard(index, count)))];

        Assert.Equal(
            plan.Runs.Select(pair => pair.Run.Run).Order(StringComparer.Ordinal),
            parts.SelectMany(part => part.Runs).Select(pair => pair.Run.Run).Order(StringComparer.Ordinal));
        Assert.All(parts, part => Assert.InRange(part.Runs.Length, 24 / count, (24 + count - 1) / count));
        Assert.All(parts, part => Assert.Equal((plan.Id, plan.Paths), (part.Id, part.Paths)));
        Assert.All(parts, part => Assert.Equal(part.Runs.Select(pair => pair.Run), part.Points.SelectMany(point => point.Runs)));
    }

    [Fact]
    public void A_run_of_two_series_is_in_the_shard_of_both()
    {
        SweepPlan plan = SweepPlanner.Plan(SweepReader.Read("file", $$"""
            { "name": "shared", "base": {{PlanTests.Tiny}}, "seeds": [0, 1],
              "series": [{ "name": "a", "vary": { "network.width": "4:6:1" } }, { "name": "b", "vary": { "network.width": "5:8:1" } }] }
            """).OrThrow()).OrThrow();

        SweepPlan[] parts = [.. Enumerable.Range(0, 3).Select(index => plan.Only(new Shard(index, 3)))];

        Assert.Equal(10, parts.Sum(part => part.Runs.Length));
        Assert.Equal(14, parts.Sum(part => part.Points.Sum(point => point.Runs.Length)));
        Assert.All(parts, part => Assert.Equal(part.Runs.Select(pair => pair.Run).ToHashSet(), part.Points.SelectMany(point => point.Runs).ToHashSet()));
    }

    private static Result<Shard> FromEnvironment(string? slurm, string? kubernetes) =>
        Shard.FromEnvironment("--shards", 8, name => name == "SLURM_ARRAY_TASK_ID" ? slurm : name == "JOB_COMPLETION_INDEX" ? kubernetes : null);
}
