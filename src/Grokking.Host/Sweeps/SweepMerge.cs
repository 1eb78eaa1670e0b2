using System.Text.Json;
using Grokking.Host.Runs;

namespace Grokking.Host.Sweeps;

/// <summary>Merges what the runs of a sweep left into two tables, which say the same bytes whenever the runs say the same.</summary>
internal static class SweepMerge
{
    /// <summary>The version of the form of both tables.</summary>
    public const string Schema = "grokking.sweep/1";

    /// <summary>Merges.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="standing">How its runs stand.</param>
    /// <returns>How many rows of metrics there are.</returns>
    /// <exception cref="IOException">A file is damaged, or cannot be read or written.</exception>
    public static long Merge(PlannedSweep sweep, SweepStanding standing)
    {
        KeyValuePair<string, string>[] metadata =
        [
            new("grokking.schema", Schema),
            new("grokking.sweep", sweep.Plan.Id),
            new("grokking.sweep.name", sweep.Plan.Name),
            new("grokking.sweep.coordinates", JsonSerializer.Serialize(sweep.Plan.Paths.ToDictionary(path => path, CoordinateColumns.NameOf))),
            new("grokking.version", RunEnvironment.ProgramVersion),
        ];
        RunsTable.Write(sweep.Folder.Runs, sweep.Plan, standing, metadata);
        return CurvesTable.Write(sweep.Folder.Curves, sweep.Plan, standing, metadata);
    }
}
