using Grokking.Service.CommandLine;

namespace Grokking.Service.Sweeps;

/// <summary>A sweep that cannot be is refused with one sentence before anything starts.</summary>
public class SweepBadInputTests
{
    public static TheoryData<string[], string[]> Inputs => new()
    {
        { ["sweep", "plan", "gromov/quick"], ["Nothing is varied", "--vary or --seeds"] },
        { ["sweep", "plan", "gromov/quik", "--seeds", "0-1"], ["gromov/quik", "did you mean 'gromov/quick'", "gromov/quick-fractions"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "data.trainFraction=0.5"], ["There is no setting 'data.trainFraction'", "did you mean 'split.trainFraction'"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "split.trainFractoin=0.5"], ["did you mean 'split.trainFraction'"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "optimiser.beta=0.5"], ["did you mean 'optimiser.betas'"] },
        { ["sweep", "plan", "gromov/quick", "--set", "zzzz=1", "--seeds", "1"], ["There is no setting 'zzzz'", "known: name, task,", "budget.testAccuracy"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "split.trainFraction="], ["--vary split.trainFraction has no value"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "split.trainFraction=0.5,many"], ["split.trainFraction is \"many\"", "greater than 0 and less than 1"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "split.trainFraction=0.9:1.1:0.1"], ["with split.trainFraction=1: split.trainFraction is 1", "for 1 more of 3 points"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "network.width=1:1000:1", "--seeds", "0-9999"], ["asks for 10,000,000 runs", "at most 100,000"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "seed=1,2"], ["seeds are given by --seeds"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "source=a,b"], ["source cannot be varied"] },
        { ["sweep", "plan", "gromov/quick", "--vary", "network.width=5", "--set", "network.width=6"], ["network.width is given twice"] },
        { ["sweep", "plan", "gromov/quick", "--seeds", "5-1"], ["--seeds is 5-1", "has no seed"] },
        { ["sweep", "plan", "gromov/quick", "--seeds", "0-9007199254740992"], ["from 0 to 9007199254740991"] },
        { ["sweep", "plan", "gromov/quick", "--seeds", "0-1", "--output", "/dev/null/sweep"], ["/dev/null/sweep cannot be written"] },
        { ["sweep", "plan", "gromov/quick", "--seed", "0-1"], ["There is no option '--seed' here", "did you mean '--seeds'"] },
        { ["sweep", "run", "nothing"], ["There is no experiment 'nothing'"] },
        { ["sweep", "status", "nothing"], ["There is no sweep 'nothing'", "SWEEP must be"] },
        { ["sweep", "status", ""], ["There is no sweep ''"] },
        { ["sweep", "run", ""], ["There is no experiment ''"] },
        { ["sweep", "merge", "nothing"], ["There is no sweep 'nothing'"] },
        { ["sweep", "run", "gromov/quick", "--seeds", "0-1", "--shard", "2/2"], ["--shard is 2/2", "from 0 to 1"] },
        { ["sweep", "run", "gromov/quick", "--seeds", "0-1", "--shard", "0/2", "--shards", "2"], ["--shard and --shards are given"] },
        { ["sweep", "run", "gromov/quick", "--seeds", "0-1", "--shar", "0/2"], ["There is no option '--shar' here", "did you mean '--shard'"] },
        { ["sweep", "submit", "slurm", "nothing"], ["There is no sweep 'nothing'"] },
        { ["sweep", "submit", "slurm", "nothing", "--shards", "99999"], ["--shards is 99999", "at most"] },
        { ["sweep", "submit", "slurm", "nothing", "--sbatch", "time=3"], ["--sbatch is 'time=3'", "--sbatch=--partition=short"] },
        { ["sweep", "submit", "slurm", "nothing", "--sbatch=--a\n#SBATCH --b"], ["in one line"] },
        { ["sweep", "submit", "slurm", "nothing", "--cpus", "0"], ["--cpus is 0", "an integer from 1"] },
        { ["sweep", "submit", "slurm", "nothing", "--program", " "], ["--program is empty"] },
        { ["sweep", "submit", "parallel", "nothing", "--host", "a,b"], ["--host is 'a,b'", "node1"] },
        { ["sweep", "submit", "kubernetes", "nothing", "--memory", "2 GB"], ["--memory is '2 GB'", "2Gi"] },
        { ["sweep", "submit", "kubernetes", "nothing", "--image", "a b"], ["--image is 'a b'"] },
        { ["sweep", "submit", "kubernetes", "nothing", "--claim", "Mine"], ["--claim is 'Mine'"] },
        { ["sweep", "submit", "kubernetes", "nothing", "--gpu", "1"], ["There is no option '--gpu' here", "did you mean '--gpus'"] },
        { ["run", "gromov/quick-fractions"], ["is a sweep", "sweep run gromov/quick-fractions"] },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void It_is_refused_with_a_sentence_and_leaves_nothing_behind(string[] arguments, string[] expected)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, arguments);

        Assert.Equal(2, process.ExitCode);
        Assert.All(expected, words => Assert.Contains(words, process.Error, StringComparison.Ordinal));
        Assert.Single(process.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", process.Error, StringComparison.Ordinal);
        Assert.Empty(process.Output);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("sweep")]
    [InlineData("sweep", "wait")]
    [InlineData("sweep", "submit")]
    [InlineData("sweep", "submit", "pbs", "x")]
    public void A_sweep_without_one_of_its_commands_is_refused(params string[] arguments)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, arguments);

        Assert.Equal(2, process.ExitCode);
        Assert.Matches("help: grokking sweep (submit )?--help", process.Error);
    }

    [Fact]
    public void A_plan_of_another_program_or_one_that_was_changed_is_neither_trained_nor_merged()
    {
        using var folder = new Folder();
        using GrokkingProcess plan = GrokkingProcess.Run(folder.Path, "sweep", "plan", "gromov/quick", "--seeds", "0-1", "--unmeasured", "--output", "sweep");
        Assert.Equal(0, plan.ExitCode);
        File.WriteAllText(folder.File("sweep", "plan.json"), File.ReadAllText(folder.File("sweep", "plan.json")).Replace("\"steps\":200", "\"steps\":20", StringComparison.Ordinal));

        foreach (string command in new[] { "run", "status", "merge" })
        {
            using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "sweep", command, "sweep");
            Assert.Equal(2, process.ExitCode);
            Assert.Contains("a plan is immutable", process.Error, StringComparison.Ordinal);
        }
    }
}
