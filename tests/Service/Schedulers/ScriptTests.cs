using Grokking.Host.Schedulers;

namespace Grokking.Service.Schedulers;

/// <summary>What schedulers are given, word for word where people read it.</summary>
public class ScriptTests
{
    internal static readonly ShardTask Task = new("tiny-0123456789", "/shared/data/sweeps/tiny-0123456789", "/shared/data", 8, [0, 1, 2, 5, 7], 2) { Program = ["grokking"] };

    [Theory]
    [InlineData("plain-word_1.0/x", "plain-word_1.0/x")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME`x`", "'$HOME`x`'")]
    [InlineData("{}/8", "'{}/8'")]
    [InlineData("a;b&c|d>e", "'a;b&c|d>e'")]
    public void A_shell_takes_a_word_as_it_is(string word, string quoted) => Assert.Equal(quoted, Shell.Quote(word));

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, "0-3")]
    [InlineData(new[] { 0, 1, 2, 5, 7 }, "0-2,5,7")]
    [InlineData(new[] { 4 }, "4")]
    [InlineData(new[] { 1, 3, 4 }, "1,3-4")]
    public void Shards_are_written_as_ranges(int[] left, string ranges) => Assert.Equal(ranges, (Task with { Left = [.. left] }).Ranges);

    [Theory]
    [InlineData(3750, 100, 1, 1000, 10)]
    [InlineData(374, 100, 1, 1000, 1)]
    [InlineData(1, 100, 1, 1000, 1)]
    [InlineData(0, 1, 1, 1000, 1)]
    [InlineData(3750, 100, 2, 1000, 5)]
    [InlineData(1e9, 100, 1, 1000, 100)]
    [InlineData(1e9, 100, 8, 1000, 12)]
    [InlineData(1e9, 100_000, 1, 1000, 1000)]
    public void A_shard_holds_five_minutes_and_a_quarter_more_and_a_run_for_each_processor(double seconds, int runs, int processors, int most, int expected)
    {
        int count = ShardSize.Of(seconds, runs, processors, most);
        Assert.Equal(expected, count);
        Assert.True(count == 1 || seconds / processors / count >= ShardSize.LeastSeconds);
    }

    [Fact]
    public void Slurm_is_told_which_tasks_there_are_what_each_needs_and_when_to_warn()
    {
        string[] script = SlurmScript.Write(Task with { Together = 3, Graphics = 1 }, ["--time=4:00:00", "--partition=short"]).Split('\n');
        Assert.Equal("#!/bin/bash", script[0]);
        Assert.Equal(
            [
                "--job-name=tiny-0123456789", "--array=0-2,5,7%3", "--cpus-per-task=2", "--gres=gpu:1", "--requeue", "--open-mode=append",
                "--output=/shared/data/sweeps/tiny-0123456789/slurm/%a.log", "--signal=B:USR1@120", "--time=4:00:00", "--partition=short",
            ],
            script.Where(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal)).Select(line => line["#SBATCH ".Length..]));
        Assert.Contains("grokking sweep run /shared/data/sweeps/tiny-0123456789 --shard \"$SLURM_ARRAY_TASK_ID/8\" --threads 2 --data /shared/data &", script);
    }

    [Fact]
    public void A_container_sees_the_data_at_the_same_place()
    {
        string script = SlurmScript.Write(Task with { Container = "/images/grokking.sif", Program = KubernetesJob.Program, Graphics = 2 }, []);
        Assert.Contains("\napptainer exec --nv --bind /shared/data /images/grokking.sif dotnet /opt/grokking/grokking.dll sweep run /shared/data/sweeps/", script, StringComparison.Ordinal);
        Assert.Contains("--bind /shared/data --bind /elsewhere/tiny x.sif", SlurmScript.Write(Task with { Container = "x.sif", Folder = "/elsewhere/tiny" }, []), StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_is_told_which_shards_there_are_and_where()
    {
        string[] script = ParallelScript.Write(Task with { Folder = "/two words/tiny" }, 3, ["node1", ":"]).TrimEnd().Split('\n');
        Assert.Equal("#!/bin/sh", script[0]);
        Assert.Equal(
            "exec parallel --quote --jobs 3 --joblog '/two words/tiny/parallel.log' --resume-failed --termseq TERM,120000,KILL,25 --tag --line-buffer --sshlogin node1,: "
            + "grokking sweep run '/two words/tiny' --shard '{}/8' --threads 2 --data /shared/data ::: 0 1 2 5 7",
            script[^1]);
    }

    [Theory]
    [InlineData("tiny-0123456789", "tiny-0123456789")]
    [InlineData("gromov-fig4a-fraction-of-a-very-long-name-that-goes-on-and-on-3f9a1c0b72", "gromov-fig4a-fraction-of-a-very-long-na-3f9a1c0b72")]
    [InlineData("Tiny_x.y-0123456789", "tiny-x-y-0123456789")]
    public void A_job_of_Kubernetes_has_a_name_that_is_short_enough_and_keeps_the_hash(string sweep, string name) => Assert.Equal(name, KubernetesJob.NameOf(sweep));
}
