using System.Collections.Immutable;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Studies;

/// <summary>A study with its sweeps planned.</summary>
/// <param name="Study">The study.</param>
/// <param name="Quick">Whether these are the quick variants.</param>
/// <param name="Changes">What the command line set.</param>
/// <param name="Sweeps">Preset and plan.</param>
internal sealed record StudyPlan(
    Study Study, bool Quick, ImmutableArray<Change> Changes, ImmutableArray<(string Preset, PlannedSweep Sweep)> Sweeps)
{
    /// <summary>The ids of its distinct runs.</summary>
    public ImmutableArray<string> Runs { get; } = [.. Sweeps.SelectMany(each => each.Sweep.Plan.Runs).Select(pair => pair.Run.Run).Distinct()];

    /// <summary>Plans studies; the plans of their sweeps are published.</summary>
    /// <param name="studies">Which.</param>
    /// <param name="quick">Whether the quick variants are meant.</param>
    /// <param name="changes">Settings of all runs.</param>
    /// <param name="data">The directory that holds everything that is written.</param>
    /// <returns>The plans, or the sentence that says why there can be none.</returns>
    public static Result<ImmutableArray<StudyPlan>> All(IEnumerable<Study> studies, bool quick, ImmutableArray<Change> changes, string data)
    {
        Study[] all = [.. studies];
        var known = new Dictionary<string, SweepPlan>();
        foreach ((Study study, string preset) in all.SelectMany(study => study.Sweeps.Select(preset => (study, preset))))
        {
            if (known.ContainsKey(preset))
                continue;
            Result<SweepPlan> planned = SweepReader.Find(preset)
                .Bind(definition => quick ? definition.Quickened() : Result.Success(definition))
                .Bind(definition => SweepPlanner.Plan(definition.With(changes, [], null)));
            if (planned is Result<SweepPlan>.Failure wrong)
                return Result.Failure<ImmutableArray<StudyPlan>>($"{study.Name}: {wrong.Reason}");
            known.Add(preset, planned.OrThrow());
        }

        // Nothing is written before all of it is known to be right.
        var published = new Dictionary<string, PlannedSweep>();
        foreach ((string preset, SweepPlan plan) in known)
        {
            Result<SweepFolder> folder = new SweepCatalogue(data).FolderOf(plan.Id).Publish(plan);
            if (folder is Result<SweepFolder>.Failure wrong)
                return Result.Failure<ImmutableArray<StudyPlan>>(wrong.Reason);
            published.Add(preset, new(folder.OrThrow(), plan));
        }

        return Result.Success<ImmutableArray<StudyPlan>>(
            [.. all.Select(study => new StudyPlan(study, quick, changes, [.. study.Sweeps.Select(preset => (preset, published[preset]))]))]);
    }

    /// <summary>Gathers the study's tables and saves them.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="catalogue">Where the runs lie, all of them completed.</param>
    /// <exception cref="IOException">A file of a run cannot be read, or a table cannot be written.</exception>
    public void Gather(StudyFolder folder, RunCatalogue catalogue)
    {
        var runs = new StudyRuns([.. Sweeps.Select(each => (each.Preset, Of(each.Sweep.Plan, catalogue)))]) { Quick = Quick };
        var provenance = Provenance.Of(
            Study, Quick, Changes.Select(change => $"{change.Path}={change.Value}"), Sweeps.Select(each => each.Sweep), runs);
        folder.Save(Study.Gather(runs), provenance);
    }

    private static ImmutableArray<StudyRun> Of(SweepPlan plan, RunCatalogue catalogue) =>
    [
        .. SweepStanding.Of(plan, catalogue).Points.SelectMany(point => point.Runs.Select(run => new StudyRun(
            point.Point,
            run.Directory,
            RunRecord.Read(run.Directory).OrThrow()))),
    ];
}
