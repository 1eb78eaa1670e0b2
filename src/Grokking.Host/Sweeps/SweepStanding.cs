using System.Collections.Immutable;
using Grokking.Host.Runs;

namespace Grokking.Host.Sweeps;

/// <summary>A run of a sweep as it stands.</summary>
/// <param name="Run">The run.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Record">What its record says; null where it has not begun, or where the record cannot be read.</param>
/// <param name="Status">How it stands, whatever was written last; a run that has not begun is queued.</param>
/// <param name="Fault">Why the record cannot be read; null where it can.</param>
internal sealed record RunStanding(PlannedRun Run, RunDirectory Directory, RunGlance? Record, RunStatus Status, string? Fault)
{
    /// <summary>Why it failed, for people; null where it did not.</summary>
    public string? Failure => Fault ?? (Status == RunStatus.Failed ? Record?.Failure : null);
}

/// <summary>A point of a sweep and how its runs stand.</summary>
/// <param name="Point">The point.</param>
/// <param name="Runs">Its runs, by seed.</param>
internal sealed record PointStanding(SweepPoint Point, ImmutableArray<RunStanding> Runs);

/// <summary>How a sweep stands: read from the files of its runs, each time anew.</summary>
/// <param name="Points">Its points, in the order of the plan.</param>
internal sealed record SweepStanding(ImmutableArray<PointStanding> Points)
{
    /// <summary>The distinct runs.</summary>
    public ImmutableArray<RunStanding> Runs { get; } = [.. Points.SelectMany(point => point.Runs).DistinctBy(run => run.Run.Run)];

    /// <summary>Looks at every run.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="catalogue">Where runs lie.</param>
    public static SweepStanding Of(SweepPlan plan, RunCatalogue catalogue)
    {
        // A run that two series share is looked at once, so that both tell the same.
        Dictionary<string, RunStanding> runs = OnAllProcessors.Map(plan.Runs, pair => Look(pair.Run, catalogue.DirectoryOf(pair.Run.Run))).ToDictionary(run => run.Run.Run);
        return new([.. plan.Points.Select(point => new PointStanding(point, [.. point.Runs.Select(run => runs[run.Run])]))]);
    }

    /// <summary>How many runs stand so.</summary>
    public int Count(RunStatus status) => Runs.Count(run => run.Status == status);

    private static RunStanding Look(PlannedRun run, RunDirectory directory) => !directory.Exists
        ? new(run, directory, null, RunStatus.Queued, null)
        : RunGlance.Read(directory).Match(
            record => new RunStanding(run, directory, record, RunCatalogue.TrueStatus(directory, record.Status), null),
            reason => new RunStanding(run, directory, null, RunStatus.Failed, reason));
}
