using System.Text.Json.Nodes;
using Grokking.Host.Checkpoints;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Optimisers;
using Grokking.Service.Training;

namespace Grokking.Service.Configuration;

/// <summary>What stands between the gradient and the next weights, as experiments ask for it.</summary>
public class RuleSettingsTests
{
    private const string Momentum = """{"kind": "momentum", "learningRate": 1""";

    [Theory]
    [InlineData("gradient", "\"grokfast\"", "gradient is \"grokfast\"", "a list of objects")]
    [InlineData("gradient", "[3]", "gradient.0 is 3", "an object in braces")]
    [InlineData("gradient", """[{"memory": 0.9}]""", "gradient.0.kind is missing", "\"grokfastEma\", \"grokfastMa\", \"orthogonal\"")]
    [InlineData("gradient", """[{"kind": "orthogonal"}, {"kind": "grokfastema"}]""", "gradient.1.kind is \"grokfastema\"", "did you mean 'grokfastEma'")]
    [InlineData("gradient", """[{"kind": "grokfastEma", "amplificaton": 1}]""", "gradient.0 has no key 'amplificaton'", "did you mean 'amplification'")]
    [InlineData("gradient", """[{"kind": "grokfastEma", "memory": 1}]""", "gradient.0.memory is 1", "less than 1")]
    [InlineData("gradient", """[{"kind": "grokfastMa", "window": 0}]""", "gradient.0.window is 0", "an integer from 1 to 10000")]
    [InlineData("gradient", """[{"kind": "orthogonal", "rescale": "yes"}]""", "gradient.0.rescale is \"yes\"", "true or false")]
    [InlineData("gradient.0.window", "5", "gradient is {\"0\":{\"window\":5}}", "must be a list of objects")]
    [InlineData("optimiser", Momentum + """, "decayed": ["matrises"]}""", "optimiser.decayed has no name 'matrises'", "did you mean 'matrices'")]
    [InlineData("optimiser", Momentum + """, "decayed": "matrices"}""", "optimiser.decayed is \"matrices\"", "a list of names out of matrices, biases, normalisations, embeddings")]
    [InlineData("optimiser", Momentum + """, "decay": "decoupld"}""", "optimiser.decay is \"decoupld\"", "did you mean 'decoupled'")]
    [InlineData("optimiser.decay", "decoupled", "optimiser has no key 'decay'", "did you mean 'decayed'")]
    [InlineData("loss", "stableMaxCrosEntropy", "loss is \"stableMaxCrosEntropy\"", "did you mean 'stableMaxCrossEntropy'")]
    [InlineData("schedule", """{"warmupSteps": 10, "warmupFrom": 2}""", "schedule.warmupFrom is 2", "an integer from 0 to 1")]
    [InlineData("schedule.warmupFrom", "0", "schedule.warmupFrom is 0 without a warm-up", "warmupSteps")]
    [InlineData("schedule.annealing", "cosin", "schedule.annealing is \"cosin\"", "did you mean 'cosine'")]
    [InlineData("schedule", """{"warmupSteps": 60, "annealing": "linear"}""", "schedule.annealing is 'linear' for 60 steps", "longer than the warm-up of 60 steps")]
    [InlineData("weights.norm", "0", "weights.norm is 0", "greater than 0")]
    [InlineData("weights.initialScale", "-1", "weights.initialScale is -1", "greater than 0")]
    [InlineData("outputScale", "0", "outputScale is 0", "greater than 0")]
    [InlineData("weights.initalScale", "2", "weights has no key 'initalScale'", "did you mean 'initialScale'")]
    public void What_there_is_not_is_refused_with_place_and_what_there_is(string path, string value, string finding, string allowed)
    {
        ConfigurationError error = Assert.Single(Read(new Change(path, value)).Errors);

        Assert.Contains(finding, error.Sentence, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"kind": "grokfastMa", "window": 64}]""", "gradient.0.window is 64 for 2100000 weights; it must be at most 63 here, for 134217728 remembered numbers in all.")]
    [InlineData("""[{"kind": "grokfastEma"}, {"kind": "grokfastMa", "window": 63}]""", "gradient.1.window is 63 for 2100000 weights; it must be at most 62 here, for 134217728 remembered numbers in all.")]
    [InlineData("""[{"kind": "grokfastMa", "window": 63}]""", null)]
    public void Windows_are_refused_where_their_gradients_would_not_fit_into_memory(string filters, string? refusal) =>
        Assert.Equal(refusal, Read(new Change("network.width", "100000"), new Change("gradient", filters)).Errors.SingleOrDefault()?.Sentence);

    [Theory]
    [InlineData("gradient", "[]", true)]
    [InlineData("weights", "{}", true)]
    [InlineData("weights.initialScale", "1", true)]
    [InlineData("schedule", """{"warmupSteps": 0, "warmupFrom": 1, "annealing": "none"}""", true)]
    [InlineData("optimiser.decayed", """["embeddings", "normalisations", "biases", "matrices"]""", true)]
    [InlineData("optimiser.decayed", """["embeddings", "matrices"]""", false)]
    [InlineData("gradient", """[{"kind": "orthogonal"}]""", false)]
    [InlineData("weights.norm", "3", false)]
    [InlineData("weights.initialScale", "2", false)]
    [InlineData("outputScale", "1", false)]
    [InlineData("outputScale", "0.25", false)]
    [InlineData("schedule.annealing", "linear", false)]
    [InlineData("loss", "stableMaxCrossEntropy", false)]
    public void A_run_is_another_exactly_if_its_rule_is(string path, string value, bool same)
    {
        Experiment changed = Read(new Change(path, value)).Experiment!;

        Assert.Equal(same, CanonicalForm.RunId(changed) == CanonicalForm.RunId(Read().Experiment!));
        Assert.Equal(CanonicalForm.Write(changed), CanonicalForm.Write(ConfigurationText.Read(CanonicalForm.Write(changed)).Experiment!));
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adamW")]
    public void An_output_is_not_scaled_where_steps_do_not_grow_with_the_gradient(string kind)
    {
        ConfigurationError error = Assert.Single(Read(new("optimiser", $$"""{"kind": "{{kind}}", "learningRate": 1, "epsilon": 1e-8, "betas": [0.9, 0.98]}"""), new Change("outputScale", "2")).Errors);

        Assert.Equal(("outputScale", true), (error.Path, error.Sentence.Contains($"is 2 with the optimiser '{kind}'", StringComparison.Ordinal)));
    }

    [Fact]
    public void All_of_it_is_written_as_it_was_asked_for()
    {
        const string optimiser = """{"kind":"nesterov","learningRate":1,"weightDecay":0.5,"decayed":["matrices","embeddings"],"beta":0.9,"decay":"decoupled"}""";
        const string gradient = """[{"kind":"grokfastMa","window":3,"amplification":5},{"kind":"orthogonal","rescale":false}]""";
        const string weights = """{"initialScale":2,"norm":4.5}""";
        const string schedule = """{"warmupSteps":10,"warmupFrom":0,"annealing":"cosine"}""";

        JsonNode written = JsonNode.Parse(CanonicalForm.Write(Read(
            new("optimiser", optimiser), new("gradient", gradient), new("weights", weights), new("schedule", schedule)).Experiment!))!;

        Assert.Equal(
            [optimiser, gradient, weights, schedule],
            new[] { "optimiser", "gradient", "weights", "schedule" }.Select(key => written[key]!.ToJsonString()));
    }

    [Fact]
    public void A_setting_of_a_filter_has_a_path_of_its_own()
    {
        Change filters = new("gradient", """[{"kind": "orthogonal"}, {"kind": "grokfastEma"}]""");

        ExperimentReading reading = Read(filters, new Change("gradient.1.amplification", "0.5"), new Change("gradient.0.rescale", "false"));

        Assert.Equal([new OrthogonalGradient { Rescale = false }, new GrokfastEma { Amplification = 0.5 }], reading.Experiment!.Filters.ToArray());
        Assert.Contains("gradient.1.amplification", reading.Paths);
        Assert.Equal("gradient has no entry '2' for --set gradient.2.window; its entries are 0 to 1.", Assert.Single(Read(filters, new Change("gradient.2.window", "3")).Errors).Sentence);
    }

    [Fact]
    public void What_filters_remember_is_in_the_checkpoint_under_their_places()
    {
        using var folder = new Folder();
        var directory = new RunDirectory(folder.File("run"));
        Experiment experiment = Read(new Change("gradient", """[{"kind": "orthogonal"}, {"kind": "grokfastMa", "window": 3}]""")).Experiment!;

        InterruptionTests.Sit(experiment, directory, threads: 1, interruptAt: null);

        SafetensorsFile file = SafetensorsFile.Read(directory.Checkpoint(60));
        Assert.Equal([3L, 4, 14], file["optimiser.gradient.1.gradients.w1"].Shape.ToArray());
        Assert.Equal([3L, 7, 4], file["optimiser.gradient.1.gradients.w2"].Shape.ToArray());
    }

    private static ExperimentReading Read(params Change[] changes) => ConfigurationText.Read(
        """
        {
          "name": "small", "task": { "operation": "x + y", "modulus": 7 }, "split": { "trainFraction": 0.5 }, "network": { "kind": "quadratic", "width": 4 },
          "optimiser": { "kind": "gradientDescent", "learningRate": 1 }, "budget": { "steps": 60 }, "evaluation": { "every": 10 }
        }
        """,
        changes);
}
