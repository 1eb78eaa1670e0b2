using System.Collections.Immutable;
using System.Globalization;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Studies;

/// <summary>Where the tables of a study come from. Written into every file, so that a picture never stands without it.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Quick">Whether the sweeps were the quick ones.</param>
/// <param name="Changes">What the command line set, such as <c>task.modulus=23</c>; empty for the figure as it is meant.</param>
/// <param name="Sweeps">The ids of the sweeps.</param>
/// <param name="Runs">How many runs they have.</param>
/// <param name="Commits">The commits that trained them.</param>
/// <param name="Profiles">The numerics profiles that they were trained with.</param>
internal sealed record Provenance(
    string Study,
    bool Quick,
    ImmutableArray<string> Changes,
    ImmutableArray<string> Sweeps,
    int Runs,
    ImmutableArray<string> Commits,
    ImmutableArray<string> Profiles)
{
    /// <summary>The form of the tables.</summary>
    public const string Schema = "grokking.study/1";

    private const string Separator = "; ";

    /// <summary>The command that gives the same again.</summary>
    public string Command => string.Join(' ', ["grokking reproduce", Study, .. Quick ? ["--quick"] : Array.Empty<string>(), .. Changes.Select(change => $"--set '{change}'")]);

    /// <summary>Of a study just gathered.</summary>
    public static Provenance Of(Study study, bool quick, IEnumerable<string> changes, IEnumerable<PlannedSweep> sweeps, StudyRuns runs)
    {
        RunEnvironment[] environments = [.. runs.Sweeps.SelectMany(sweep => sweep.Runs).Select(run => run.Record.Environment)];
        return new(
            study.Name,
            quick,
            [.. changes],
            [.. sweeps.Select(sweep => sweep.Plan.Id)],
            runs.Sweeps.SelectMany(sweep => sweep.Runs).DistinctBy(run => run.Record.Run).Count(),
            Distinct(environments.Select(each => each.Commit ?? "")),
            Distinct(environments.Select(each => each.NumericsProfile)));
    }

    /// <summary>As metadata of a Parquet file.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata =>
    [
        new("grokking.schema", Schema),
        new("grokking.study", Study),
        new("grokking.quick", Quick ? "true" : "false"),
        new("grokking.changes", string.Join(Separator, Changes)),
        new("grokking.sweeps", string.Join(Separator, Sweeps)),
        new("grokking.runs", Runs.ToString(CultureInfo.InvariantCulture)),
        new("grokking.commits", string.Join(Separator, Commits)),
        new("grokking.numerics_profiles", string.Join(Separator, Profiles)),
        new("grokking.version", RunEnvironment.ProgramVersion),
    ];

    /// <summary>Back from metadata.</summary>
    /// <returns>Null where the file is not a study's.</returns>
    public static Provenance? Read(ImmutableArray<KeyValuePair<string, string>> metadata)
    {
        string Value(string key) => metadata.FirstOrDefault(pair => pair.Key == $"grokking.{key}").Value ?? "";
        ImmutableArray<string> List(string key) => [.. Value(key).Split(Separator, StringSplitOptions.RemoveEmptyEntries)];
        return Value("schema") != Schema ? null : new(
            Value("study"),
            Value("quick") == "true",
            List("changes"),
            List("sweeps"),
            int.TryParse(Value("runs"), NumberStyles.None, CultureInfo.InvariantCulture, out int runs) ? runs : 0,
            List("commits"),
            List("numerics_profiles"));
    }

    private static ImmutableArray<string> Distinct(IEnumerable<string> values) =>
        [.. values.Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];
}
