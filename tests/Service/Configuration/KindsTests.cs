using System.Text.Json.Nodes;
using Grokking.Host.Configuration;

namespace Grokking.Service.Configuration;

/// <summary>What follows from the declarations of kinds that share a key but mean different things by it.</summary>
public sealed class KindsTests
{
    private static readonly JsonObject Schema = Kinds<Lamp>.Schema();

    [Fact]
    public void A_key_that_kinds_describe_differently_has_each_kinds_own_default_and_words()
    {
        Assert.Equal(JsonNode.Parse("true")!.ToJsonString(), Schema["properties"]!["power"]!.ToJsonString());
        Assert.Equal(["5", "60"], Rules("power").Select(rule => rule["then"]!["properties"]!["power"]!["default"]!.ToJsonString()).Order());
        Assert.Equal(["drawn from a socket", "drawn from batteries"], Rules("power").Select(rule => rule["then"]!["properties"]!["power"]!["description"]!.GetValue<string>()).Order());
    }

    [Fact]
    public void A_key_that_all_kinds_describe_alike_is_described_once()
    {
        Assert.Equal("how it looks", Schema["properties"]!["colour"]!["description"]!.GetValue<string>());
        Assert.Empty(Rules("colour"));
    }

    [Fact]
    public void A_key_of_one_kind_is_refused_for_the_others()
    {
        JsonObject rule = Assert.Single(Rules("reach"));
        Assert.Equal("""["torch"]""", rule["if"]!["properties"]!["kind"]!["enum"]!.ToJsonString());
        Assert.Equal("false", rule["else"]!["properties"]!["reach"]!.ToJsonString());
    }

    private static IEnumerable<JsonObject> Rules(string key) => Schema["allOf"]!.AsArray().Select(rule => rule!.AsObject())
        .Where(rule => new[] { "then", "else" }.Any(when => rule[when]?["properties"]?[key] is not null));

    public enum Colour
    {
        Warm,
        Cold,
    }

    public abstract record Lamp
    {
        [Setting("how it looks", Default = 0)]
        public Colour Colour { get; init; }
    }

    [Kind("torch", "carried")]
    public sealed record Torch : Lamp
    {
        [Setting("drawn from batteries", Default = 5, From = 0)]
        public double Power { get; init; }

        [Setting("metres", Default = 20, From = 0)]
        public double Reach { get; init; }
    }

    [Kind("bulb", "screwed in")]
    public sealed record Bulb : Lamp
    {
        [Setting("drawn from a socket", Default = 60, From = 0)]
        public double Power { get; init; }
    }
}
