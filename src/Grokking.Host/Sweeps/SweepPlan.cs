using System.Collections.Immutable;
using System.Text.Json;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>Every run of a sweep, named before the first one begins. Immutable: its id is a hash of its content.</summary>
/// <param name="Name">The sweep's name.</param>
/// <param name="Source">Where the sweep comes from; the empty string where nobody said so.</param>
/// <param name="Points">The points of all series, in the order of the definition.</param>
internal sealed record SweepPlan(string Name, string Source, ImmutableArray<SweepPoint> Points)
{
    private string? id;
    private RunCosts? costs;

    /// <summary>The id, such as <c>gromov-fig4a-fraction-3f9a1c0b72</c>.</summary>
    public string Id => id ??= PlanText.IdOf(Name, Source, Points);

    /// <summary>The distinct runs, each with the first point that names it: series that share a run share its files.</summary>
    public ImmutableArray<(SweepPoint Point, PlannedRun Run)> Runs { get; private init; } = Distinct(Points);

    /// <summary>What its runs cost.</summary>
    public RunCosts Costs => costs ??= RunCosts.Of(Points);

    /// <summary>The paths of all coordinates, in the order in which they first appear.</summary>
    public ImmutableArray<string> Paths { get; } =
        [.. Points.SelectMany(point => point.Coordinates.Select(coordinate => coordinate.Path)).Distinct(StringComparer.Ordinal)];

    /// <summary>The same plan for whoever has found its id to be true.</summary>
    public SweepPlan Called(string known) => this with { id = known };

    /// <summary>Whether points belong to series with names.</summary>
    public bool HasSeries => Points.Any(point => point.Series.Length > 0);

    /// <summary>The same plan with the runs of one shard only: it keeps its id.</summary>
    public SweepPlan Only(Shard shard)
    {
        IReadOnlySet<string> mine = shard.Of(Runs.Select(pair => pair.Run.Run));
        ImmutableArray<SweepPoint> points =
        [
            .. Points.Select(point => point with { Runs = [.. point.Runs.Where(run => mine.Contains(run.Run))] }).Where(point => !point.Runs.IsEmpty),
        ];
        return this with { id = Id, Points = points, Runs = Distinct(points) };
    }

    private static ImmutableArray<(SweepPoint Point, PlannedRun Run)> Distinct(ImmutableArray<SweepPoint> points) =>
        [.. points.SelectMany(point => point.Runs.Select(run => (point, run))).DistinctBy(pair => pair.run.Run)];
}

/// <summary>One place of the grid in one series: a configuration, and its runs with several seeds.</summary>
/// <param name="Series">The series; the empty string where the sweep has only one.</param>
/// <param name="Coordinates">What is varied, and its value here.</param>
/// <param name="Configuration">The canonical form of the experiment, without its seed.</param>
/// <param name="Runs">The runs, by seed.</param>
internal sealed record SweepPoint(string Series, ImmutableArray<Coordinate> Coordinates, string Configuration, ImmutableArray<PlannedRun> Runs)
{
    private Experiment? settings;

    /// <summary>The experiment of a run.</summary>
    /// <returns>The experiment, or the sentence that says why this program cannot train it any more.</returns>
    public Result<Experiment> Experiment(PlannedRun run)
    {
        ExperimentReading reading = ConfigurationText.Read(Configuration, new Change("seed", $"{run.Seed}"));
        if (reading.Experiment is not { } experiment)
            return Result.Failure<Experiment>($"The run {run.Run} was planned with settings that this program refuses: {reading.Errors[0].Sentence}");
        return CanonicalForm.RunId(experiment) == run.Run
            ? Result.Success(experiment)
            : Result.Failure<Experiment>(
                $"The run {run.Run} was planned by another version of this program, for which these settings meant another run; plan the sweep again.");
    }

    /// <summary>The experiment of the first run, for looking at its settings: a plan holds only what was found to fit when it was made. Read once.</summary>
    /// <exception cref="InvalidOperationException">Another version of this program made the plan, and this one does not know a setting.</exception>
    public Experiment Settings()
    {
        settings ??= Read();
        // A point with other runs may have come from this one.
        return settings.Seed == Runs[0].Seed ? settings : settings with { Seed = Runs[0].Seed };
    }

    private Experiment Read()
    {
        using JsonDocument document = JsonDocument.Parse($"{Configuration[..^1]},\"seed\":{Runs[0].Seed}}}");
        ExperimentReading reading = ExperimentReader.Read(document.RootElement, known: true);
        return reading.Experiment ?? throw new InvalidOperationException($"The plan has settings that this program refuses: {reading.Errors[0].Sentence}");
    }

    /// <summary>The same point for whoever has read its settings already.</summary>
    public SweepPoint Knowing(Experiment experiment) => this with { settings = experiment };

    /// <summary>Series and coordinates in words; the empty string for the only point of a sweep over seeds alone.</summary>
    public string Words => string.Join(
        ", ",
        new[] { Series }.Where(name => name.Length > 0).Concat(Coordinates.Select(each => $"{each.Path}={each.Shown}")));
}

/// <summary>A varied setting at a point.</summary>
/// <param name="Path">The setting.</param>
/// <param name="Json">Its value, as JSON in its shortest form.</param>
internal sealed record Coordinate(string Path, string Json)
{
    /// <summary>The value as people write it: a text without its quotes.</summary>
    public string Shown => Json.StartsWith('"') ? JsonSerializer.Deserialize<string>(Json)! : Json;
}

/// <summary>A run of a plan.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Seed">Its seed.</param>
internal sealed record PlannedRun(string Run, long Seed);
