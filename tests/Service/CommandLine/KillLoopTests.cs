using System.Globalization;

namespace Grokking.Service.CommandLine;

/// <summary>Killed at any instant, a run loses time and nothing else. More kills, and a table of them: GROKKING_KILLS=1000 GROKKING_KILL_TABLE=FILE.</summary>
public class KillLoopTests
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("GROKKING_KILLS") ?? "50", CultureInfo.InvariantCulture);

    [Fact]
    public void Kills_at_random_instants_leave_whole_files_and_the_run_ends_as_if_undisturbed()
    {
        var loop = new KillLoop(seed: 1);
        string table = loop.Run(Kills, steps: 10_000);
        if (Environment.GetEnvironmentVariable("GROKKING_KILL_TABLE") is { } path)
            File.WriteAllText(path, table);
    }
}
