using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Service.Configuration;

/// <summary>The presets, the schema beside them, and the reader agree with each other.</summary>
public partial class PresetTests
{
    private const string Schema = "experiment.schema.json";
    private const string Acceptance = "GROKKING_ACCEPT_SCHEMA";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "data", "experiments");

    // As its source has it, and refused for that.
    private const string Refused = "pku/e4-recurrent-coded";

    public static TheoryData<string> Names => [.. new ExperimentCatalogue(Root).Presets.Select(preset => preset.Name).Where(name => name != Refused)];

    [Fact]
    public void The_recurrent_network_as_coded_is_refused_with_the_axis_that_it_mistakes()
    {
        ConfigurationError error = Assert.Single(ConfigurationText.Read(new ExperimentCatalogue(Root).Text(Refused).OrThrow()).Errors);

        Assert.Equal("network.walksAlong", error.Path);
        Assert.Contains("takes the axis of the samples for the axis of the tokens", error.Sentence, StringComparison.Ordinal);
        Assert.Contains("it must be 'tokens'", error.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_presets_of_the_first_milestone_are_there() => Assert.Equal(
        ["gromov/fast-adamw", "gromov/fig1-gd", "gromov/fig5-ipr-adamw", "gromov/quick", "gromov/random-labels"],
        new ExperimentCatalogue(Root).Presets.Select(preset => preset.Name).Where(name => name.StartsWith("gromov/", StringComparison.Ordinal)));

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
    [InlineData("weights")]
    [InlineData("schedule")]
    [InlineData("budget")]
    [InlineData("evaluation")]
    [InlineData("checkpoint")]
    public void Schema_and_reader_know_the_same_keys(string section)
    {
        string[] kinds = section == "optimiser" ? [.. Kinds<Optimiser>.Names] : section == "network" ? [.. Kinds<INetwork>.Names] : [""];

        string[] known = [.. kinds.SelectMany(kind => KnownKeys(section, kind)).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(SchemaOf(section).GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal), known);
    }

    [Fact]
    public void Schema_and_reader_know_the_same_names()
    {
        JsonElement properties = SchemaOf("").GetProperty("properties");
        Assert.Equal(ExperimentReader.Losses.Select(each => each.Name), Values(properties.GetProperty("loss")));
        Assert.Equal(ExperimentReader.Precisions, Values(properties.GetProperty("precision")));
        Assert.Equal(ExperimentReader.Annealings, Values(properties.GetProperty("schedule").GetProperty("properties").GetProperty("annealing")));
        Assert.Equal(ExperimentReader.Scopes, Values(properties.GetProperty("labelCorruption").GetProperty("properties").GetProperty("scope")));
    }

    [Fact]
    public void The_schema_says_of_functions_networks_optimisers_and_measures_what_the_code_says()
    {
        string path = Environment.GetEnvironmentVariable(Acceptance) == "1" ? Path.Combine(Repository(), "data", "experiments", Schema) : Path.Combine(Root, Schema);
        JsonNode schema = JsonNode.Parse(File.ReadAllText(path))!;
        JsonNode properties = schema["properties"]!;
        (JsonNode In, string Section, JsonObject Said)[] sections =
        [
            (properties["task"]!["properties"]!, "operation", TaskReader.OperationSchema()),
            (properties, "network", Kinds<INetwork>.Schema()),
            (properties, "optimiser", Kinds<Optimiser>.Schema()),
            (properties["gradient"]!, "items", Kinds<GradientFilter>.Schema()),
            (properties, "measures", MeasureNames.Schema()),
        ];
        if (path != Path.Combine(Root, Schema))
        {
            foreach ((JsonNode within, string section, JsonObject said) in sections)
                within[section] = said.DeepClone();
            File.WriteAllText(path, schema.ToJsonString(Indented) + "\n");
        }

        Assert.All(sections, pair => Assert.True(
            JsonNode.DeepEquals(pair.Said, pair.In[pair.Section]),
            $"data/experiments/{Schema} does not say of '{pair.Section}' what the classes say. To write it anew: {Acceptance}=1 dotnet test -c Release tests/Service --filter PresetTests"));
    }

    [Fact]
    public void The_readme_lists_the_functions_that_formulas_may_call()
    {
        string readme = File.ReadAllText(Path.Combine(Repository(), "README.md"));
        Assert.All(TaskFunctions.All, function => Assert.Contains($"| `{function.Signature}` | {function.Description} |", readme, StringComparison.Ordinal));
    }

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Grokking.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static IEnumerable<string> Values(JsonElement property) => property.GetProperty("enum").EnumerateArray().Select(value => value.GetString()!);

    private static JsonElement SchemaOf(string section)
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, Schema))).RootElement;
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
