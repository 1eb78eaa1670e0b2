using System.Collections.Immutable;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>What is to be swept over: a base experiment, named series of it, a grid, and seeds.</summary>
/// <param name="Name">The sweep's name, such as <c>gromov/fig4a-fraction</c>.</param>
/// <param name="Source">Where the sweep comes from; the empty string where nobody said so.</param>
/// <param name="Base">The base experiment as JSON.</param>
/// <param name="Series">At least one; a sweep without named series has one whose name is empty.</param>
/// <param name="Seeds">The seeds; empty for the base experiment's own.</param>
internal sealed record SweepDefinition(string Name, string Source, string Base, ImmutableArray<SeriesDefinition> Series, ImmutableArray<long> Seeds)
{
    /// <summary>What its quick variant has in place of its own; null where it has none.</summary>
    public QuickDefinition? Quick { get; init; }

    /// <summary>The quick variant: what it says about all series, then what it says about each, after all that the definition says.</summary>
    /// <returns>The definition, or the sentence that says that there is none.</returns>
    public Result<SweepDefinition> Quickened()
    {
        if (Quick is not { } quick)
            return Result.Failure<SweepDefinition>($"The sweep {Name} has no quick variant; its file would say so under \"quick\".");
        SweepDefinition all = With(quick.Changes, quick.Axes, quick.Seeds.IsEmpty ? null : quick.Seeds);
        return Result.Success(all with
        {
            Quick = null,
            Series =
            [
                .. all.Series.Select(series => quick.Series.FirstOrDefault(each => each.Name == series.Name) is { } own
                    ? series.With(own.Changes, own.Axes)
                    : series),
            ],
        });
    }

    /// <summary>An experiment with nothing varied.</summary>
    public static SweepDefinition Of(string name, string experiment) => new(name, "", experiment, [new("", [], [])], []);

    /// <summary>The definition with what the command line says, which comes last and holds for every series.</summary>
    /// <param name="changes">Settings; one that the definition varies is varied no more.</param>
    /// <param name="axes">Settings that are varied; one replaces another of the same path.</param>
    /// <param name="seeds">The seeds; null for those of the definition.</param>
    public SweepDefinition With(ImmutableArray<Change> changes, ImmutableArray<Axis> axes, ImmutableArray<long>? seeds) => this with
    {
        Series = [.. Series.Select(series => series.With(changes, axes))],
        Seeds = seeds ?? Seeds,
    };
}

/// <summary>What a quick variant of a sweep has in place of its own: fewer seeds, points and steps, by which its question is still answered.</summary>
/// <param name="Changes">Settings of all series.</param>
/// <param name="Axes">What is varied in all series.</param>
/// <param name="Series">Settings and axes of single series, by the names that these have in the sweep.</param>
/// <param name="Seeds">The seeds; empty for those of the sweep.</param>
internal sealed record QuickDefinition(
    ImmutableArray<Change> Changes, ImmutableArray<Axis> Axes, ImmutableArray<SeriesDefinition> Series, ImmutableArray<long> Seeds);

/// <summary>A curve of the figure to come: the base experiment with some settings of its own.</summary>
/// <param name="Name">Its name; the empty string where the sweep has only one.</param>
/// <param name="Changes">Settings, applied in order.</param>
/// <param name="Axes">What is varied.</param>
internal sealed record SeriesDefinition(string Name, ImmutableArray<Change> Changes, ImmutableArray<Axis> Axes)
{
    /// <summary>The series with settings and axes that come last; what is set is varied no more.</summary>
    public SeriesDefinition With(ImmutableArray<Change> changes, ImmutableArray<Axis> axes) => this with
    {
        Changes = [.. Changes, .. changes],
        Axes = [.. Axis.Merged(Axes, axes).Where(axis => changes.All(change => change.Path != axis.Path))],
    };
}

/// <summary>A setting and the values that it takes.</summary>
/// <param name="Path">The setting, such as <c>split.trainFraction</c>.</param>
/// <param name="Values">JSON in its shortest form, distinct, at least one.</param>
internal sealed record Axis(string Path, ImmutableArray<string> Values)
{
    /// <summary>Two lists of axes as one: where both have a path, the later one's values stand at the earlier one's place.</summary>
    public static ImmutableArray<Axis> Merged(ImmutableArray<Axis> earlier, ImmutableArray<Axis> later) =>
    [
        .. earlier.Select(axis => later.LastOrDefault(other => other.Path == axis.Path) ?? axis),
        .. later.Where(axis => earlier.All(other => other.Path != axis.Path)),
    ];

    /// <summary>Reads <c>path=values</c>.</summary>
    /// <param name="text">The text behind <c>--vary</c>.</param>
    /// <returns>The axis, or the sentence that says what is wrong.</returns>
    public static Result<Axis> Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text[..equals].Split('.').All(key => !string.IsNullOrWhiteSpace(key))
            ? AxisValues.Parse($"--vary {text[..equals].Trim()}", text[(equals + 1)..]).Map(values => new Axis(text[..equals].Trim(), values))
            : Result.Failure<Axis>($"--vary {text} cannot be read; it must be path=values, such as split.trainFraction=0.3:0.9:0.1.");
    }
}
