using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;

namespace Grokking.Host.Sweeps;

/// <summary>
/// Reads a sweep file, strictly: <c>name</c>, <c>source</c>, <c>base</c> (an experiment or a preset's name), <c>set</c> and <c>vary</c>
/// (path to value or values), <c>series</c> (each with a <c>name</c>, <c>set</c>, <c>vary</c>), <c>seeds</c>, and <c>quick</c> with the last four once more.
/// </summary>
internal static class SweepReader
{
    private const string ObjectWords = "an object from paths to values";

    /// <summary>Finds and reads what a word of the command line names.</summary>
    /// <param name="word">A sweep preset, a sweep file, or an experiment of which nothing is varied yet.</param>
    /// <returns>The definition, or the sentence that says why there is none.</returns>
    public static Result<SweepDefinition> Find(string word)
    {
        if (SweepPresets.Default.Find(word) is { } preset)
            return ExperimentCatalogue.Load(preset.Path).Bind(text => Read(word, text));
        if (ExperimentCatalogue.Default.Text(word) is Result<string>.Success { Value: var found })
        {
            return LooksLikeSweep(found) ? Read(word, found)
                : Result.Success(SweepDefinition.Of(NameOf(found), found));
        }

        string known = string.Join(", ", SweepPresets.Default.All.Select(each => each.Name));
        return Result.Failure<SweepDefinition>(
            ExperimentCatalogue.Default.Text(word).Match(_ => "", reason => reason) + (known.Length == 0 ? "" : $" Sweeps: {known}."));
    }

    /// <summary>Reads a sweep file.</summary>
    /// <param name="file">Its name, for sentences.</param>
    /// <param name="text">JSON.</param>
    /// <returns>The definition, or the sentence that says what is wrong first.</returns>
    public static Result<SweepDefinition> Read(string file, string text)
    {
        (JsonElement document, ConfigurationError? fault) = StrictJson.Parse(text);
        if (fault is not null)
            return Result.Failure<SweepDefinition>($"{file}: {fault.Sentence}");
        var errors = new List<ConfigurationError>();
        var root = new JsonSection(document, "", errors);
        SweepDefinition definition = Read(root, errors);
        return errors.Count == 0
            ? Result.Success(definition)
            : Result.Failure<SweepDefinition>($"{file}: {errors[0].Sentence}");
    }

    private static SweepDefinition Read(JsonSection root, List<ConfigurationError> errors)
    {
        if (root.Has("$schema"))
            root.Text("$schema");
        string name = root.Text("name");
        string source = root.Text("source", "");
        string experiment = Base(root.Value("base"), errors);
        ImmutableArray<Change> changes = Changes(root.Value("set"), "set", errors);
        ImmutableArray<Axis> axes = Axes(root.Value("vary"), "vary", errors);
        ImmutableArray<SeriesDefinition> series = root.Value("series") is { } several ? Series(several, "series", errors) : [new("", [], [])];
        ImmutableArray<long> seeds = root.Value("seeds") is { } list ? Take(SeedList.Read("the list", list), "seeds", errors) : [];
        QuickDefinition? quick = root.Value("quick") is { } section ? Quick(new JsonSection(section, "quick", errors), [.. series.Select(each => each.Name)], errors) : null;
        root.Close();
        return new(
            name,
            source,
            experiment,
            [.. series.Select(each => each with { Changes = [.. changes, .. each.Changes], Axes = Axis.Merged(axes, each.Axes) })],
            seeds)
        {
            Quick = quick,
        };
    }

    private static QuickDefinition Quick(JsonSection section, string[] names, List<ConfigurationError> errors)
    {
        var quick = new QuickDefinition(
            Changes(section.Value("set"), "quick.set", errors),
            Axes(section.Value("vary"), "quick.vary", errors),
            section.Value("series") is { } several ? Series(several, "quick.series", errors) : [],
            section.Value("seeds") is { } list ? Take(SeedList.Read("the list", list), "quick.seeds", errors) : []);
        section.Close();
        if (quick.Series.FirstOrDefault(series => !names.Contains(series.Name)) is { } stranger)
        {
            string nearest = NearestName.To(stranger.Name, names);
            string guess = nearest.Length == 0 ? "" : $"; did you mean \"{nearest}\"?";
            errors.Add(new ConfigurationError("quick.series", $"has the name \"{stranger.Name}\", which no series of the sweep has{guess}", "it may only name those"));
        }

        return quick;
    }

    private static string Base(JsonElement? value, List<ConfigurationError> errors)
    {
        const string words = "an experiment's name or an experiment in braces";
        switch (value)
        {
            case { ValueKind: JsonValueKind.Object } experiment:
                return experiment.GetRawText();
            case { ValueKind: JsonValueKind.String } name:
                return ExperimentCatalogue.Default.Text(name.GetString()!).Match(
                    text => text,
                    reason =>
                    {
                        errors.Add(ConfigurationError.Because("base", reason));
                        return "";
                    });
            default:
                errors.Add(value is { } other ? ConfigurationError.NotAllowed("base", Excerpt.Of(other.GetRawText()), words) : ConfigurationError.Missing("base", words));
                return "";
        }
    }

    private static ImmutableArray<SeriesDefinition> Series(JsonElement list, string place, List<ConfigurationError> errors)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > SweepLimits.Series)
        {
            string words = $"it must be a list of 1 to {SweepLimits.Series} objects with a name, set and vary";
            errors.Add(new ConfigurationError(place, "cannot be read", words));
            return [];
        }

        var series = new List<SeriesDefinition>();
        foreach ((int i, JsonElement element) in list.EnumerateArray().Index())
        {
            var section = new JsonSection(element, $"{place}[{i}]", errors);
            series.Add(new(
                section.Text("name"),
                Changes(section.Value("set"), $"{place}[{i}].set", errors),
                Axes(section.Value("vary"), $"{place}[{i}].vary", errors)));
            section.Close();
        }

        foreach (string twice in series.GroupBy(each => each.Name).Where(group => group.Count() > 1).Select(group => group.Key))
            errors.Add(new ConfigurationError(place, $"has the name \"{twice}\" twice", "each series must have a name of its own"));
        return [.. series];
    }

    private static ImmutableArray<Change> Changes(JsonElement? value, string place, List<ConfigurationError> errors) =>
        [.. Members(value, place, errors).Select(member => new Change(member.Name, AxisValues.Canonical(JsonNode.Parse(member.Value.GetRawText()))))];

    private static ImmutableArray<Axis> Axes(JsonElement? value, string place, List<ConfigurationError> errors) =>
        [
            .. Members(value, place, errors)
                .Select(member => new Axis(member.Name, Take(AxisValues.Read(Excerpt.Of(member.Name), member.Value), place, errors))),
        ];

    private static JsonProperty[] Members(JsonElement? value, string place, List<ConfigurationError> errors)
    {
        if (value is { ValueKind: JsonValueKind.Object } members)
            return [.. members.EnumerateObject()];
        if (value is { } other)
            errors.Add(ConfigurationError.NotAllowed(place, Excerpt.Of(other.GetRawText()), ObjectWords));
        return [];
    }

    private static ImmutableArray<T> Take<T>(Result<ImmutableArray<T>> result, string place, List<ConfigurationError> errors)
    {
        if (result is Result<ImmutableArray<T>>.Failure wrong)
            errors.Add(ConfigurationError.Because(place, wrong.Reason));
        return result.Match(values => values, _ => []);
    }

    private static bool LooksLikeSweep(string text) => Member(text, "base") is not null;

    private static string NameOf(string text) => Member(text, "name") is { ValueKind: JsonValueKind.String } name ? name.GetString()! : "sweep";

    // What cannot be read has no members; the reader of experiments will say why.
    private static JsonElement? Member(string text, string key)
    {
        try
        {
            JsonElement root = JsonDocument.Parse(text).RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out JsonElement member) ? member : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
