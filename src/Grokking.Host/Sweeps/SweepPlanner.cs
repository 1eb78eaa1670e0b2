using System.Collections.Immutable;
using System.Globalization;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>From a definition to a plan: every point is read and checked, so that no run can be refused once the first one trains.</summary>
internal static class SweepPlanner
{
    // What decides nothing about a run, and what has an option of its own.
    private static readonly ImmutableArray<string> NeverVaried = ["$schema", "source", "seed"];

    /// <summary>Plans a sweep.</summary>
    /// <param name="definition">What is to be swept over.</param>
    /// <returns>The plan, or the sentence that says why there can be none.</returns>
    public static Result<SweepPlan> Plan(SweepDefinition definition)
    {
        if (Objection(definition) is { } objection)
            return Result.Failure<SweepPlan>(objection);
        (SeriesDefinition Series, ImmutableArray<Coordinate> Coordinates)[] places =
            [.. definition.Series.SelectMany(series => Grid(series.Axes).Select(coordinates => (series, coordinates)))];
        var samples = new SharedSamples();
        Result<SweepPoint>[] read = OnAllProcessors.Map(places, place => Point(definition, samples, place.Series, place.Coordinates));
        if (read.OfType<Result<SweepPoint>.Failure>().ToArray() is [var first, .. var others])
        {
            string more = others.Length == 0 ? "" : $" (The same or the like holds for {others.Length} more of {read.Length} points.)";
            return Result.Failure<SweepPlan>(first.Reason + more);
        }

        SweepPoint[] points = [.. read.Select(point => point.OrThrow())];
        return OneConfigurationPerRun(points) ?? Result.Success(new SweepPlan(definition.Name, definition.Source, Collapsed(points)));
    }

    /// <summary>How many runs a definition asks for, equal ones counted as often as they are asked for.</summary>
    public static double Asked(SweepDefinition definition) =>
        definition.Series.Sum(series => series.Axes.Aggregate(1.0, (count, axis) => count * axis.Values.Length))
        * Math.Max(1, definition.Seeds.Length);

    private static string? Objection(SweepDefinition definition)
    {
        ImmutableArray<Axis> axes = [.. definition.Series.SelectMany(series => series.Axes)];
        if (axes.IsEmpty && definition.Seeds.IsEmpty && definition.Series.Length == 1)
            return "Nothing is varied; a sweep needs --vary or --seeds. To train one experiment, use run.";
        if (definition.Series.Max(series => series.Axes.Length) is > SweepLimits.Axes and var many)
            return $"{many} settings are varied; a sweep has at most {SweepLimits.Axes}.";
        if (axes.FirstOrDefault(axis => NeverVaried.Contains(axis.Path)) is { } never)
        {
            return never.Path == "seed"
                ? "seed cannot be varied as a setting; seeds are given by --seeds."
                : $"{never.Path} cannot be varied; it decides nothing about a run.";
        }

        if (Asked(definition) is > SweepLimits.Runs and var asked)
            return string.Create(CultureInfo.InvariantCulture, $"This sweep asks for {asked:N0} runs; it may have at most {SweepLimits.Runs:N0}.");
        foreach (SeriesDefinition series in definition.Series)
        {
            if (Unknown(definition, series) is { } unknown)
                return unknown;
        }

        return null;
    }

    // Whether a path is known may depend on the values of others, as the optimiser's settings depend on its kind.
    private static string? Unknown(SweepDefinition definition, SeriesDefinition series)
    {
        ExperimentReading first = ConfigurationText.Read(definition.Base, Changes(series, Grid(series.Axes).First(), seed: null));
        if (first.Paths.IsEmpty)
            return null;
        string? unknown = series.Axes.Select(axis => axis.Path).Concat(series.Changes.Select(change => change.Path))
            .FirstOrDefault(path => !first.Paths.Contains(path));
        if (unknown is null)
            return null;
        string nearest = Nearest(unknown, first.Paths);
        return $"There is no setting '{unknown}'{(series.Name.Length > 0 ? $" in the series {series.Name}" : "")}; "
            + (nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"known: {string.Join(", ", first.Paths.Except(NeverVaried))}.");
    }

    // The right key in the wrong section, or nearly the right path, or nearly the right key.
    private static string Nearest(string path, ImmutableArray<string> known)
    {
        static string Key(string path) => path[(path.LastIndexOf('.') + 1)..];
        string key = Key(path);
        if (known.FirstOrDefault(each => Key(each).Equals(key, StringComparison.OrdinalIgnoreCase)) is { } elsewhere)
            return elsewhere;
        string near = NearestName.To(path, known);
        string nearKey = NearestName.To(key, known.Select(Key));
        return near.Length > 0 || nearKey.Length == 0 ? near : known.First(each => Key(each) == nearKey);
    }

    // The last axis varies fastest.
    private static IEnumerable<ImmutableArray<Coordinate>> Grid(ImmutableArray<Axis> axes)
    {
        long count = axes.Aggregate(1L, (product, axis) => product * axis.Values.Length);
        for (long place = 0; place < count; place++)
        {
            var coordinates = new Coordinate[axes.Length];
            long rest = place;
            for (int a = axes.Length - 1; a >= 0; a--)
            {
                coordinates[a] = new(axes[a].Path, axes[a].Values[(int)(rest % axes[a].Values.Length)]);
                rest /= axes[a].Values.Length;
            }

            yield return [.. coordinates];
        }
    }

    // Whole objects before what stands in them, whatever the order in which they were named.
    private static Change[] Changes(SeriesDefinition series, ImmutableArray<Coordinate> coordinates, long? seed) =>
    [
        .. series.Changes,
        .. coordinates
            .OrderBy(coordinate => coordinate.Path.Count(sign => sign == '.'))
            .Select(coordinate => new Change(coordinate.Path, coordinate.Json)),
        .. seed is { } known ? [new Change("seed", $"{known}")] : Array.Empty<Change>(),
    ];

    private static Result<SweepPoint> Point(SweepDefinition definition, SharedSamples samples, SeriesDefinition series, ImmutableArray<Coordinate> coordinates)
    {
        var point = new SweepPoint(series.Name, coordinates, "", []);
        long? seed = definition.Seeds.IsEmpty ? null : definition.Seeds[0];
        ExperimentReading reading = ConfigurationText.Read(samples, definition.Base, Changes(series, coordinates, seed));
        if (reading.Experiment is not { } experiment)
        {
            string place = point.Words.Length > 0 ? $"{definition.Name} with {point.Words}" : definition.Name;
            return Result.Failure<SweepPoint>($"{place}: {reading.Errors[0].Sentence}");
        }

        ImmutableArray<long> seeds = definition.Seeds.IsEmpty ? [experiment.Seed] : definition.Seeds;
        SweepPoint planned = point with
        {
            Configuration = CanonicalForm.Write(experiment, withSeed: false),
            // No other setting's validity depends on the seed, so one reading answers for all of them.
            Runs = [.. seeds.Select(seed => new PlannedRun(CanonicalForm.RunId(experiment with { Seed = seed }), seed))],
        };
        return Result.Success(planned.Knowing(experiment));
    }

    // Within a series a run is named once, by the first point that means it.
    private static ImmutableArray<SweepPoint> Collapsed(IEnumerable<SweepPoint> points)
    {
        var named = new HashSet<(string Series, string Run)>();
        return
        [
            .. points
                .Select(point => point with { Runs = [.. point.Runs.Where(run => named.Add((point.Series, run.Run)))] })
                .Where(point => !point.Runs.IsEmpty),
        ];
    }

    // Ids are short enough to be read; that two of them meet is unlikely, and must never pass unseen.
    private static Result<SweepPlan>? OneConfigurationPerRun(IEnumerable<SweepPoint> points)
    {
        var meanings = new Dictionary<string, (string Configuration, long Seed)>();
        foreach (SweepPoint point in points)
        {
            foreach (PlannedRun run in point.Runs)
            {
                if (!meanings.TryAdd(run.Run, (point.Configuration, run.Seed)) && meanings[run.Run] != (point.Configuration, run.Seed))
                {
                    return Result.Failure<SweepPlan>(
                        $"Two different configurations have the run id {run.Run}; change one of them slightly, such as its budget by a step.");
                }
            }
        }

        return null;
    }
}
