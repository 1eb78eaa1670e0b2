using Grokking.Host.Runs;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Schedulers;

/// <summary>A sweep of two hundred short runs, trained by one process that nobody disturbs: what everything else must equal.</summary>
public sealed class OneProcess : IDisposable
{
    /// <summary>How many runs there are.</summary>
    internal const int Runs = 200;

    private static readonly string[] Grid =
    [
        "gromov/quick", "--vary", "split.trainFraction=0.5,0.6,0.7,0.8", "--vary", "network.width=lin:8:26:10", "--seeds", "0-4", "--set", "task.modulus=5",
        "--set", "budget.steps=4000", "--set", "evaluation={\"every\":50}", "--set", "checkpoint={\"everySteps\":1000}", "--set", "measures=[]", "--unmeasured",
    ];

    private readonly Folder folder = new();
    private bool trained;

    /// <summary>The sweep's id; the sweep is planned in a data folder, and trained in that of one process when it is first asked for.</summary>
    internal string Plan(string data)
    {
        using GrokkingProcess plan = GrokkingProcess.Run(folder.Path, ["sweep", "plan", .. Grid, "--data", data, "--json"]);
        Assert.True(plan.ExitCode == 0, plan.Error);
        Assert.Equal(Runs, plan.Json.GetProperty("runs").GetInt32());
        return plan.Json.GetProperty("sweep").GetString()!;
    }

    /// <summary>A command of the program among these folders.</summary>
    internal GrokkingProcess Start(IEnumerable<string> words, params IEnumerable<(string Name, string Value)> environment) => new(folder.Path, words, environment);

    /// <summary>A file below one of the data folders.</summary>
    internal string File(params string[] names) => folder.File(names);

    /// <summary>The records of the runs that have begun, as they stand.</summary>
    internal RunRecord[] Records(string data) => Directory.Exists(File(data, "runs"))
        ? [.. Directory.GetDirectories(File(data, "runs")).Select(path => RunCatalogue.Open(new RunDirectory(path))).OfType<Result<RunEntry>.Success>().Select(read => read.Value.Record)]
        : [];

    /// <summary>How many runs are completed.</summary>
    internal int Completed(string data) => Records(data).Count(record => record.Status == RunStatus.Completed);

    /// <summary>The processes that hold runs now.</summary>
    internal int[] Trainers(string data) => Directory.Exists(File(data, "runs"))
        ?
        [
            .. Directory.GetDirectories(File(data, "runs"))
                .Select(path => LeaseFile.Newest(new RunDirectory(path))).OfType<LeaseFile>()
                .Where(lease => !lease.IsOver && lease.Scope == ProcessIdentity.Scope).Select(lease => lease.Process).Distinct(),
        ]
        : [];

    /// <summary>All runs are done, none twice, and the tables have the bytes of those of one process.</summary>
    internal void AssertSame(string sweep, string data)
    {
        if (!trained)
        {
            Plan("one");
            using GrokkingProcess alone = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--data", "one", "--unmeasured");
            Assert.True(alone.ExitCode == 0, alone.Error);
            trained = true;
        }

        Assert.Equal(Runs, Completed(data));
        Assert.Equal(Runs, Directory.GetDirectories(File(data, "runs")).Length);
        foreach (string each in new[] { "one", data })
        {
            using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--data", each);
            Assert.True(merge.ExitCode == 0, merge.Error);
        }

        foreach (string table in new[] { "plan.json", "runs.parquet", "curves.parquet" })
            Assert.Equal(System.IO.File.ReadAllBytes(File("one", "sweeps", sweep, table)), System.IO.File.ReadAllBytes(File(data, "sweeps", sweep, table)));
    }

    public void Dispose() => folder.Dispose();
}
