using System.CommandLine;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary><c>sweep merge SWEEP</c>: one table of runs and one of curves, finished or not.</summary>
internal static class SweepMergeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Argument<string> what = SweepCommand.SweepArgument();
        var command = new Command("merge", "Writes runs.parquet (a row per run) and curves.parquet (all metrics of all runs); says what is missing.")
        {
            what, common.Json,
        };
        command.SetAction(parsed => new SweepCatalogue(parsed.GetValue(common.Data)!).Find(parsed.GetRequiredValue(what)).Match(
            sweep => Merge(sweep, new RunCatalogue(parsed.GetValue(common.Data)!), parsed.GetValue(common.Json), terminal),
            reason => Refusal.Of(terminal, reason)));
        return command;
    }

    private static int Merge(PlannedSweep sweep, RunCatalogue catalogue, bool asJson, Terminal terminal)
    {
        SweepStanding standing = SweepStanding.Of(sweep.Plan, catalogue);
        long rows = SweepMerge.Merge(sweep, standing);
        RunStanding[] missing = [.. standing.Runs.Where(run => run.Status != RunStatus.Completed)];
        if (missing.Length > 0)
        {
            IEnumerable<string> states = missing.GroupBy(run => run.Status).OrderBy(group => group.Key)
                .Select(group => $"{group.Count()} {group.Key.Name()}");
            terminal.Say($"warning: {missing.Length} of {standing.Runs.Length} runs are not completed ({string.Join(", ", states)}); "
                + "of these the tables have what there is so far");
        }

        if (asJson)
        {
            terminal.Data(JsonLine.Write(json =>
            {
                json.WriteString("sweep", sweep.Plan.Id);
                json.WriteNumber("runs", standing.Runs.Length);
                json.WriteNumber("completed", standing.Runs.Length - missing.Length);
                json.WriteNumber("rows", rows);
                json.WriteString("runs_table", sweep.Folder.Runs);
                json.WriteString("curves_table", sweep.Folder.Curves);
            }));
            return ExitCode.Done;
        }

        terminal.Data(sweep.Folder.Runs);
        terminal.Data(sweep.Folder.Curves);
        return ExitCode.Done;
    }
}
