using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Arithmetic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

/// <summary>The explanations as a run measures them.</summary>
public sealed class ExplanationsTests
{
    private const double Rounding = 1e-9;

    [Fact]
    public void Every_explanation_has_a_number_for_each_of_its_columns_for_every_network()
    {
        // What is normalised over the batch has no answer to one sample.
        foreach (var subject in Enum.GetValues<Subject>().Except([Subject.Normalised]))
        {
            var learner = Learners.Make(subject, crossEntropy: true, p: 5, k: 2, width: 4, samples: 1, seed: 3);
            var specimen = new Specimen(learner.Network, learner.Weights);
            var all = Measured(5, specimen, specimen, new Loss.CrossEntropy());
            Assert.Equal(subject == Subject.Quadratic ? 18 : 16, all.Count);
            Assert.All(all.Where(number => number.Key != "circuit_trigonometric_share"), number => Assert.True(double.IsFinite(number.Value), $"{subject} {number.Key}"));
            Assert.All(all.Keys.Where(name => name.Contains("movement", StringComparison.Ordinal)), name => Assert.Equal(0, all[name], Rounding));
        }
    }

    [Property(MaxTest = 25)]
    public void Every_network_that_experiments_can_ask_for_can_be_explained(ushort seed)
    {
        var learner = Learners.Of(Declared.Network(seed, 5, 2).Network, crossEntropy: true, 5, 2, samples: 1, seed);
        var specimen = new Specimen(learner.Network, learner.Weights)
        {
            Statistics = new([.. learner.Network.Statistics.Select(s => s.Name)], [.. learner.Network.Statistics.Select(s => Tensor.Fill<Dense>(s.Shape, s.InitialMean))]),
        };
        var all = Measured(5, specimen, specimen, new Loss.CrossEntropy());
        // Weights that reach no output have no kernel to be aligned, and constant logits no span.
        Assert.All(all.Where(each => !each.Key.StartsWith("kernel", StringComparison.Ordinal) && each.Key != "circuit_trigonometric_share"), each => Assert.True(double.IsFinite(each.Value), each.Key));
        Assert.InRange(all["linear_mapping_number"], 1 - Rounding, 25 + Rounding);
    }

    [Fact]
    public void Exact_weights_generalise_and_lose_nothing_by_restriction()
    {
        var exact = BalancedPhases.AllFrequencies(11);
        var specimen = new Specimen(exact.Network, exact.Weights);
        var random = new Specimen(exact.Network, Weights.RandomWeights(exact.Network, RandomKey.FromSeed(4)));
        var measured = Measured(11, random, specimen, new Loss.MeanSquaredError());
        var logits = exact.Network.Logits(exact.Weights, exact.Samples);
        var loss = new Loss.MeanSquaredError().Of(logits, exact.Samples.Labels).Scalar;

        Assert.Equal(1, measured["circuit_trigonometric_share"], Rounding);
        Assert.Equal(Norms.Frobenius(exact.Weights), measured["circuit_parameter_norm"], Rounding);
        Assert.Equal(measured["circuit_train_logit"], measured["circuit_generalising_logit"], Rounding);
        Assert.Equal(measured["circuit_test_logit"], measured["circuit_generalising_logit"], Rounding);
        Assert.Equal(0, measured["circuit_memorising_logit"], Rounding);
        Assert.Equal(5, measured["key_frequencies"]);
        Assert.Equal(loss, measured["restricted_loss"], Rounding);
        Assert.Equal(loss, measured["restricted_train_loss"], Rounding);
        Assert.Equal(loss, measured["restricted_test_loss"], Rounding);
        // Without its waves every output is its mean: the loss of a constant 1/p.
        Assert.Equal((1 - (1 / 11.0)) / 11, measured["excluded_train_loss"], 1e-6);
        Assert.InRange(measured["excluded_strongest_train_loss"], loss + 1e-4, measured["excluded_train_loss"]);
        Assert.True(measured["kernel_alignment_sum"] > Measured(11, random, random, new Loss.MeanSquaredError())["kernel_alignment_sum"]);
        Assert.Equal(Movement.OfWeights(random.Weights, exact.Weights), measured["weight_movement"], Rounding);
        Assert.True(measured["kernel_movement_sum"] > 0.1);
        Assert.InRange(measured["linear_mapping_number"], 1, 121);
    }

    [Fact]
    public void The_table_of_logits_and_its_loss_are_the_networks()
    {
        foreach (var subject in Enum.GetValues<Subject>())
        {
            var learner = Learners.Make(subject, crossEntropy: true, p: 7, k: 2, width: 4, samples: 1, seed: 8);
            var batch = Weights.AllPairs(7);
            var samples = Split(7).Data;
            using var table = new LogitTable(learner.Network, new(7, samples.Operands, samples.Labels), threads: 2);
            var logits = learner.Network.Logits(learner.Weights, batch);
            Assert.Equal(0, Weights.LargestDifference(logits, table.Of(learner.Weights)), Rounding);
            ImmutableArray<int> rows = [0, 5, 48, 3];
            using var loss = new TableLoss(learner.Loss, 7, samples.Labels, rows);
            var wanted = learner.Loss.Of(Tensor.Gather(logits, Indices.Of(rows, 49)), Indices.Of([.. rows.Select(row => samples.Labels[row])], 7)).Scalar;
            Assert.Equal(wanted, loss.Of(logits), Rounding);
        }
    }

    [Fact]
    public void The_numbers_do_not_depend_on_the_number_of_threads()
    {
        var learner = Learners.Make(Subject.Transformer, crossEntropy: true, p: 7, k: 2, width: 16, samples: 1, seed: 8);
        var specimen = new Specimen(learner.Network, learner.Weights);
        Assert.Equal(Measured(7, specimen, specimen, learner.Loss, threads: 1), Measured(7, specimen, specimen, learner.Loss, threads: 3));
    }

    [Fact]
    public void Running_averages_are_part_of_the_network()
    {
        var network = new QuadraticNetwork(5, 2, 6) { Normalisation = Normalisation.Batch };
        Parameters<Dense> Statistics(double mean, double variance) => new(["running_mean", "running_variance"], [Tensor.Fill<Dense>(Shape.Of(1, 6), mean), Tensor.Fill<Dense>(Shape.Of(1, 6), variance)]);
        Specimen Of(double mean, double variance) => new(network, Weights.RandomWeights(new(5, 2, 6), RandomKey.FromSeed(2))) { Statistics = Statistics(mean, variance) };
        var (one, other) = (Measured(5, Of(0, 1), Of(0, 1), new Loss.CrossEntropy()), Measured(5, Of(0, 1), Of(3, 4), new Loss.CrossEntropy()));
        // Squares far from their root are nearly straight lines.
        Assert.True(other["linear_mapping_number"] < 0.9 * one["linear_mapping_number"]);
        Assert.NotEqual(one["circuit_train_logit"], other["circuit_train_logit"]);
        Assert.True(other["kernel_movement_sum"] > 0.1);
    }

    [Theory]
    [InlineData("x + y", 5, "circuit,kernelAlignment,linearMappingNumber,restrictedLoss,weightMovement")]
    [InlineData("x - y", 5, "kernelAlignment,linearMappingNumber,weightMovement")]
    [InlineData("x + y", 131, "kernelAlignment,linearMappingNumber,weightMovement")]
    [InlineData("x1 + x2 + x3", 5, "kernelAlignment,linearMappingNumber,weightMovement")]
    public void What_means_nothing_for_a_task_is_not_offered(string operation, int p, string offered)
    {
        var task = ArithmeticTask.Parse(operation, new Modulus(p)).OrThrow();
        var found = Explanations.For(new QuadraticNetwork(p, task.OperandCount, 4), task, [.. Explanations.Keywords]);
        Assert.Equal(offered, string.Join(',', found.Select(explanation => explanation.Keyword).Order(StringComparer.Ordinal)));
        var large = new QuadraticNetwork(p, task.OperandCount, 1 << 20) { Activation = Activation.Relu };
        Assert.DoesNotContain(Explanations.For(large, task, ["kernelAlignment", "weightMovement"]), explanation => explanation.Keyword == "kernelAlignment");
    }

    private static Dictionary<string, double> Measured(int p, Specimen start, Specimen now, Loss loss, int threads = 1)
    {
        var setup = new Setup(start, Split(p), loss, RandomKey.FromSeed(7), threads);
        var numbers = new Dictionary<string, double>();
        foreach (var explanation in Explanations.For(start.Network, setup.Split.Data.Task, [.. Explanations.Keywords]))
        {
            using var explainer = explanation.Prepare(setup);
            foreach (var (name, value) in explainer.Columns.Zip(explainer.Of(now), (name, value) => (name, value)))
            {
                numbers.Add(name, value);
            }

            Assert.Equal(explainer.Columns.Length, explainer.Of(now).Length);
        }

        return numbers;
    }

    private static DataSplit Split(int p) =>
        DataSplit.Of(DataSet.Of(ArithmeticTask.Parse("x + y", new Modulus(p)).OrThrow()).OrThrow(), 0.5, RandomKey.FromSeed(1)).OrThrow();
}
