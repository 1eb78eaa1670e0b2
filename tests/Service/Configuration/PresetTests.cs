using System.Text.Json;
using System.Text.RegularExpressions;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;

namespace Grokking.Service.Configuration;

/// <summary>The presets, the schema beside them, and the reader agree with each other.</summary>
public partial class PresetTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "data", "experiments");

    public static TheoryData<string> Names => [.. new ExperimentCatalogue(Root).Presets.Select(preset => preset.Name)];

    [Fact]
    public void The_presets_of_the_first_milestone_are_there() => Assert.Equal(
        ["gromov/fast-adamw", "gromov/fig1-gd", "gromov/fig5-ipr-adamw", "gromov/quick", "gromov/random-labels"],
        new ExperimentCatalogue(Root).Presets.Select(preset => preset.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_preset_is_valid_named_as_its_file_and_above_suspicion(string name)
    {
        string text = new ExperimentCatalogue(Root).Text(name).OrThrow();

        ExperimentReading reading = ConfigurationText.Read(text);

        Assert.Empty(reading.Errors);
        Assert.Equal(name, reading.Experiment!.Name);
        Assert.Empty(PhysicsGuards.Warnings(reading.Experiment));
        string schema = JsonDocument.Parse(text).RootElement.GetProperty("$schema").GetString()!;
        Assert.True(File.Exists(Path.Combine(Root, Path.GetDirectoryName(name)!, schema)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("task")]
    [InlineData("split")]
    [InlineData("labelCorruption")]
    [InlineData("network")]
    [InlineData("optimiser")]
    [InlineData("schedule")]
    [InlineData("budget")]
    [InlineData("evaluation")]
    [InlineData("checkpoint")]
    public void Schema_and_reader_know_the_same_keys(string section)
    {
        string[] kinds = section == "optimiser" ? [.. OptimiserReader.Kinds] : [""];

        string[] known = [.. kinds.SelectMany(kind => KnownKeys(section, kind)).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(SchemaOf(section).GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal), known);
    }

    [Fact]
    public void Schema_and_reader_know_the_same_names()
    {
        JsonElement properties = SchemaOf("").GetProperty("properties");
        Assert.Equal(OptimiserReader.Kinds, Values(properties.GetProperty("optimiser").GetProperty("properties").GetProperty("kind")));
        Assert.Equal(ExperimentReader.Networks, Values(properties.GetProperty("network").GetProperty("properties").GetProperty("kind")));
        Assert.Equal(ExperimentReader.Losses, Values(properties.GetProperty("loss")));
        Assert.Equal(ExperimentReader.Precisions, Values(properties.GetProperty("precision")));
        Assert.Equal(ExperimentReader.Scopes, Values(properties.GetProperty("labelCorruption").GetProperty("properties").GetProperty("scope")));
        Assert.Equal(MeasureNames.All.Order(StringComparer.Ordinal), Values(properties.GetProperty("measures").GetProperty("items")).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Values(JsonElement property) => property.GetProperty("enum").EnumerateArray().Select(value => value.GetString()!);

    private static JsonElement SchemaOf(string section)
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "experiment.schema.json"))).RootElement;
        return section.Length == 0 ? root : root.GetProperty("properties").GetProperty(section);
    }

    // The reader names every key that it knows when it meets one that it does not.
    private static string[] KnownKeys(string section, string kind)
    {
        string unknown = kind.Length == 0 ? """{ "zzzzzz": 1 }""" : $$"""{ "kind": "{{kind}}", "zzzzzz": 1 }""";
        ExperimentReading reading = ConfigurationText.Read(section.Length == 0 ? unknown : $$"""{ "{{section}}": {{unknown}} }""");
        ConfigurationError error = Assert.Single(reading.Errors, error => error.Path == section && error.Finding.Contains("zzzzzz", StringComparison.Ordinal));
        return [.. Known().Match(error.Allowed).Groups[1].Value.Split(", ")];
    }

    [GeneratedRegex("known: (.*)")]
    private static partial Regex Known();
}
