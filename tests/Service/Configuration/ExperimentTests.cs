using System.Text.Json.Nodes;
using Grokking.Host.Configuration;
using Grokking.Service.Training;

namespace Grokking.Service.Configuration;

/// <summary>Reading and writing experiments.</summary>
public class ExperimentTests
{
    private const int Mutations = 2000;

    [Fact]
    public void The_canonical_form_reads_back_as_the_same_experiment_and_run()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Experiment experiment = InterruptionTests.RandomExperiment(new Random(seed));

            Experiment again = ConfigurationText.Read(CanonicalForm.Write(experiment)).Experiment!;

            Assert.Equal(CanonicalForm.Write(experiment), CanonicalForm.Write(again));
            Assert.Equal(CanonicalForm.RunId(experiment), CanonicalForm.RunId(again));
        }
    }

    [Theory]
    [InlineData("""{"budget": {"steps": 6e1}}""", true)]
    [InlineData("""{"source": "somewhere else"}""", true)]
    [InlineData("""{"task": {"operation": "(x)+y", "modulus": 7, "operands": 2}}""", true)]
    [InlineData("""{"precision": "single", "batch": "full", "loss": "meanSquaredError"}""", true)]
    [InlineData("""{"network": {"kind": "quadratic", "width": 4, "activation": "monomial", "degree": 2, "dropout": 0}}""", true)]
    [InlineData("""{"network": {"kind": "quadratic", "width": 4, "dropout": 0.1}}""", false)]
    [InlineData("""{"network": {"kind": "quadratic", "width": 4, "degree": 3}}""", false)]
    [InlineData("""{"network": {"kind": "quadratic", "width": 4, "activation": "relu"}}""", false)]
    [InlineData("""{"seed": 1}""", false)]
    [InlineData("""{"split": {"trainFraction": 0.5, "later": {"fromStep": 5, "trainFraction": 0.3}}}""", false)]
    [InlineData("""{"budget": {"steps": 61}}""", false)]
    [InlineData("""{"task": {"operation": "y + x", "modulus": 7}}""", false)]
    [InlineData("""{"optimiser": {"kind": "gradientDescent", "learningRate": 2}}""", false)]
    public void The_run_is_the_same_exactly_if_the_experiment_means_the_same(string change, bool same)
    {
        JsonObject changed = Small();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
            changed[key] = value!.DeepClone();

        string first = CanonicalForm.RunId(ConfigurationText.Read(Small().ToJsonString()).Experiment!);
        string second = CanonicalForm.RunId(ConfigurationText.Read(changed.ToJsonString()).Experiment!);

        Assert.Equal(same, first == second);
    }

    [Fact]
    public void A_mutilated_experiment_is_read_or_refused_but_never_thrown_out()
    {
        var random = new Random(20230106);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            JsonObject mutant = Small();
            for (int n = random.Next(1, 4); n > 0; n--)
                Mutate(mutant, random);
            ExperimentReading reading = ConfigurationText.Read(mutant.ToJsonString());
            Assert.Equal(reading.Experiment is null, reading.Errors.Length > 0);
            Assert.All(reading.Errors, error => Assert.NotEmpty(error.Sentence));
            refused += reading.Errors.Length > 0 ? 1 : 0;
        }

        Assert.InRange(refused, Mutations / 2, Mutations);
    }

    [Fact]
    public void Runs_of_the_first_version_keep_their_identity() =>
        Assert.Equal("small-c77abc0dfb", CanonicalForm.RunId(ConfigurationText.Read(Small().ToJsonString()).Experiment!));

    [Theory]
    [InlineData("network.activation", "reul", "network.activation is \"reul\"", "did you mean 'relu'")]
    [InlineData("network.dropout", "1", "network.dropout is 1", "less than 1")]
    [InlineData("network.normalisation", "bach", "network.normalisation is \"bach\"", "did you mean 'batch'")]
    [InlineData("network.averagingRate", "0.5", "network.averagingRate is 0.5 without", "only with \"normalisation\": \"batch\"")]
    [InlineData("network.degree", "0", "network.degree is 0", "an integer from 1 to 16")]
    [InlineData("network", """{"kind": "quadratic", "width": 4, "activation": "gelu", "degree": 3}""", "network.degree is 3 with the activation 'gelu'", "only a monomial has a degree")]
    [InlineData("network", """{"kind": "perceptron", "width": 4, "degree": 3}""", "network.degree is 3 with the activation 'gelu'", "only a monomial has a degree")]
    [InlineData("network", """{"kind": "longShortTermMemory", "width": 4, "layers": 1, "dropout": 0.5}""", "network.dropout is 0.5 for one layer", "hands to the next")]
    [InlineData("network", """{"kind": "transformer", "width": 6, "heads": 4}""", "network.heads is 4 for a width of 6", "1, 2, 3, 6")]
    [InlineData("split", """{"trainFraction": 0.5, "later": {"fromStep": 60, "trainFraction": 0.2}}""", "split.later.fromStep is 60 of 60 steps", "less than budget.steps")]
    [InlineData("split", """{"trainFraction": 0.5, "later": {"fromStep": 20, "trainFraction": 0.5}}""", "split.later.trainFraction is 0.5, as before", "another fraction")]
    [InlineData("split", """{"trainFraction": 0.5, "later": {"fromStep": 20, "trainFraction": 0.001}}""", "split.later.trainFraction", "leaves none to train on")]
    [InlineData("split", """{"trainFraction": 0.5, "later": {"fromStep": 20}}""", "split.later.trainFraction", "missing")]
    public void A_variant_that_there_is_not_is_refused(string path, string value, string finding, string allowed)
    {
        ConfigurationError error = Assert.Single(ConfigurationText.Read(Small().ToJsonString(), new Change(path, value)).Errors);

        Assert.Contains(finding, error.Sentence, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("budget", """{"steps": 60, "testAccuracy": 0.9}""", "budget.testAccuracy")]
    [InlineData("labelCorruption", """{"fraction": 0.5}""", "labelCorruption.scope")]
    [InlineData("measures", """["circuit"]""", "measures")]
    public void What_samples_that_change_do_not_allow_is_refused(string path, string value, string refused)
    {
        JsonObject changing = Small();
        changing["split"] = JsonNode.Parse("""{"trainFraction": 0.5, "later": {"fromStep": 20, "trainFraction": 0.2}}""");
        Assert.Empty(ConfigurationText.Read(changing.ToJsonString()).Errors);

        Assert.Equal(refused, Assert.Single(ConfigurationText.Read(changing.ToJsonString(), new Change(path, value)).Errors).Path);
    }

    [Theory]
    [InlineData("optimiser.learningRate", "1e8", "diverge")]
    [InlineData("optimiser.learningRate", "1e-3", "hardly move")]
    [InlineData("optimiser", """{"kind": "adamW", "learningRate": 0.1, "epsilon": 1e-3}""", "epsilon")]
    [InlineData("optimiser", """{"kind": "adamW", "learningRate": 0.1, "weightDecay": 5, "epsilon": 1e-10}""", "weightDecay")]
    public void Settings_that_lead_nowhere_are_warned_of(string path, string value, string words)
    {
        Experiment experiment = ConfigurationText.Read(Small().ToJsonString(), new Change(path, value)).Experiment!;

        Assert.Contains(words, Assert.Single(Grokking.Host.Experiments.PhysicsGuards.Warnings(experiment)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modlus", "modulus")]
    [InlineData("trainfraction", "trainFraction")]
    [InlineData("lerningRate", "learningRate")]
    [InlineData("gromov/fig1-dg", "gromov/fig1-gd")]
    [InlineData("zzz", "")]
    public void The_nearest_name_is_the_one_that_was_meant(string written, string meant) =>
        Assert.Equal(meant, NearestName.To(written, ["modulus", "trainFraction", "learningRate", "operation", "gromov/fig1-gd", "gromov/quick"]));

    private static JsonObject Small() => JsonNode.Parse("""
        {
          "name": "small", "task": { "operation": "x + y", "modulus": 7 }, "split": { "trainFraction": 0.5 }, "network": { "kind": "quadratic", "width": 4 },
          "optimiser": { "kind": "gradientDescent", "learningRate": 1 }, "budget": { "steps": 60 }, "evaluation": { "every": 10 }
        }
        """)!.AsObject();

    private static void Mutate(JsonObject place, Random random)
    {
        while (true)
        {
            string key = place.ElementAt(random.Next(place.Count)).Key;
            if (place[key] is JsonObject { Count: > 0 } inner && random.Next(3) > 0)
            {
                place = inner;
                continue;
            }

            switch (random.Next(3))
            {
                case 0:
                    JsonNode? value = place[key];
                    place.Remove(key);
                    place[key + (char)random.Next('a', 'z')] = value;
                    break;
                case 1:
                    place.Remove(key);
                    if (place.Count == 0)
                        place["left"] = 1;
                    break;
                default:
                    place[key] = JsonNode.Parse(Odd[random.Next(Odd.Length)]);
                    break;
            }

            return;
        }
    }

    private static readonly string[] Odd = ["-1", "0", "1e308", "-0.0", "1e-320", "99999999999999999999999", "null", "true", "\"\"", "\"NaN\"", "[]", "[[1]]", "{}", "\"x y\"", "\"x / 0\"", "0.5", "2"];
}
