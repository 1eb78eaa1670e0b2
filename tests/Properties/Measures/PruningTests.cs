using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Arithmetic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class PruningTests
{
    [Property(MaxTest = 30)]
    public void Each_point_is_the_network_without_the_neurons_removed(TinyModulus p, byte width, bool lowest, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 6));
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        var split = Split(p, 0.5, key);
        var ratios = ParticipationRatio.PerNeuron(ParticipationConvention.HalfRfft, specimen);
        var curve = Pruning.Curve(specimen, split, lowest ? PruningOrder.LowestFirst : PruningOrder.HighestFirst);

        Assert.Equal(Enumerable.Range(0, network.Width + 1), curve.Select(point => point.Removed));
        var removed = curve.Skip(1).Select(point => point.Neuron).ToArray();
        Assert.Equal(Enumerable.Range(0, network.Width), removed.Order());
        Assert.Equal(ratios.Order(), lowest ? curve.Skip(1).Select(point => point.Ratio) : curve.Skip(1).Select(point => point.Ratio).Reverse());
        foreach (var point in curve)
        {
            var left = removed.Skip(point.Removed).ToHashSet();
            var masked = specimen.Weights.With<Dense>(
            [
                Dense.Build(specimen.Weights["w1"].Shape, at => left.Contains(at[0]) ? specimen.Weights["w1"][at] : 0),
                specimen.Weights["w2"],
            ]);
            var logits = network.Logits(masked, new([.. split.Data.Operands.Select(x => Indices.Of(x, p))], Indices.Of(split.Data.Labels, p)));
            Assert.Equal(CorruptionAccuracies.Of(Classification.Answers(logits), split), point.Accuracies);
        }
    }

    [Property]
    public void Parts_of_the_training_set_add_up(TinyModulus p, ProperFraction wrong, AnyKey key)
    {
        var split = Split(p, wrong, key);
        var answers = split.Data.Labels.Select((_, i) => key.Key.Below(p, (ulong)i)).ToImmutableArray();
        var seen = CorruptionAccuracies.Of(answers, split);
        var corrupted = split.Train.Count(i => split.IsCorrupted[i]);
        double Part(double share, int of) => of == 0 ? 0 : share * of;
        Assert.Equal(seen.Train * split.Train.Length, Part(seen.CleanTrain, split.Train.Length - corrupted) + Part(seen.CorruptedTrain, corrupted), 1e-9);
        Assert.Equal(corrupted == 0, double.IsNaN(seen.CorruptedTrain));

        // Who answers truly is right on the clean part and the test set and sees through every wrong label; who repeats the labels is wrong about none.
        var (truth, echo) = (CorruptionAccuracies.Of(split.Data.Labels, split), CorruptionAccuracies.Of(split.Labels, split));
        Assert.Equal(1, truth.Test);
        Assert.Equal(1, echo.Train);
        if (corrupted > 0)
        {
            Assert.Equal((0, 1), (truth.CorruptedTrain, truth.CorrectedTrain));
            Assert.Equal((1, 0), (echo.CorruptedTrain, echo.CorrectedTrain));
        }
    }

    /// <summary>Six periodic neurons that add, and for each wrong label one that answers to that pair alone: a network made to coexist.</summary>
    [Fact]
    public void Without_the_least_periodic_neurons_the_wrong_labels_are_forgotten_and_the_rest_is_known()
    {
        const int p = 7;
        var split = Split(p, 0.2, RandomKey.FromSeed(3));
        ImmutableArray<int> wrong = [.. split.Train.Where(i => split.IsCorrupted[i])];
        var adding = BalancedPhases.AllFrequencies(p);
        var n = adding.Network.Width;
        var network = new QuadraticNetwork(p, 2, n + (3 * wrong.Length));
        // ((u + v)² − (u)² − (v)²)/2 = u v is 1 at one pair and 0 elsewhere.
        double W1(int k, int column)
        {
            var (pair, part) = (wrong[(k - n) / 3], (k - n) % 3);
            var first = column < p && column == pair / p && part != 2;
            var second = column >= p && column - p == pair % p && part != 1;
            return first || second ? 10 : 0;
        }

        var specimen = new Specimen(network, new(
            ["w1", "w2"],
            [
                Dense.Build(Shape.Of(network.Width, 2 * p), at => at[0] < n ? adding.Weights["w1"][at] : W1(at[0], at[1])),
                Dense.Build(Shape.Of(p, network.Width), at => at[1] < n ? adding.Weights["w2"][at]
                    : at[0] == split.Labels[wrong[(at[1] - n) / 3]] ? ((at[1] - n) % 3 == 0 ? 20 : -20) : 0),
            ]));
        var low = Pruning.Curve(specimen, split, PruningOrder.LowestFirst);
        var high = Pruning.Curve(specimen, split, PruningOrder.HighestFirst);

        Assert.Equal((1, 1, 1), (low[0].Accuracies.Train, low[0].Accuracies.CorruptedTrain, low[0].Accuracies.Test));
        var pruned = low[3 * wrong.Length].Accuracies;
        Assert.Equal((1, 0, 1, 1), (pruned.CleanTrain, pruned.CorruptedTrain, pruned.CorrectedTrain, pruned.Test));
        Assert.Equal(CorruptionPhase.FullInversion, CorruptionPhases.Of(pruned.Train, pruned.Test, 1, 0.2));
        Assert.True(high[n].Accuracies.CorruptedTrain > 0.9);
        Assert.True(high[n].Accuracies.Test < 0.5);
    }

    /// <summary>Numbers of this run: without half of the neurons at the low end 100 % of the clean and 50 % of the wrong labels are left, and 86 % of the test set.</summary>
    [Fact]
    public void In_a_trained_network_the_wrong_labels_sit_in_the_least_periodic_neurons()
    {
        var split = DataSplit.Of(DataSet.Of(ArithmeticTask.Parse("x + y", new Modulus(23)).OrThrow()).OrThrow(), 0.7, RandomKey.FromSeed(0).Split("split"))
            .OrThrow().Corrupt(0.2, CorruptionScope.Train, RandomKey.FromSeed(0).Split("corruption")).OrThrow();
        var network = new QuadraticNetwork(23, 2, 100);
        var published = new AdamW { LearningRate = 0.01, WeightDecay = 5, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 };
        var recipe = new Recipe(network, new Loss.MeanSquaredError(), ScaleConvention.Folded.ToHere(published, network), Schedule.Constant, null);
        using var trainer = new Trainer(recipe, Samples.TrainOf(split), Samples.TestOf(split), Precision.Single, 1);
        var specimen = new Specimen(network, trainer.Run(trainer.Start(RandomKey.FromSeed(0)), 400).Weights);
        var low = Pruning.Curve(specimen, split, PruningOrder.LowestFirst);
        var high = Pruning.Curve(specimen, split, PruningOrder.HighestFirst);

        var whole = low[0].Accuracies;
        Assert.True(whole.Train > 0.98 && whole.Test > 0.75, $"{whole}");
        Assert.True(low[50].Accuracies is { CleanTrain: > 0.95, CorruptedTrain: < 0.75 } half && half.Test > whole.Test - 0.1, $"{low[50]}");
        Assert.True(high[20].Accuracies is { Train: > 0.95, CorruptedTrain: > 0.9 } rest && rest.Test < whole.Test - 0.3, $"{high[20]}");
    }

    [Theory]
    [InlineData(0.978, 0.983, 1.0, 0.35, CorruptionPhase.Coexistence)]
    [InlineData(0.9, 0.9, 0.9, 0.35, CorruptionPhase.Coexistence)]
    [InlineData(0.8, 0.95, 1.0, 0.35, CorruptionPhase.PartialInversion)]
    [InlineData(0.71, 0.95, 1.0, 0.35, CorruptionPhase.PartialInversion)]
    [InlineData(0.69, 1.0, 1.0, 0.35, CorruptionPhase.FullInversion)]
    [InlineData(0.95, 0.5, 0.99, 0.35, CorruptionPhase.Memorisation)]
    [InlineData(0.5, 0.5, 0.95, 0.35, CorruptionPhase.Forgetting)]
    [InlineData(0.5, 0.5, 0.6, 0.35, CorruptionPhase.Confusion)]
    [InlineData(double.NaN, double.NaN, double.NaN, 0.35, CorruptionPhase.Confusion)]
    public void Phases_are_those_of_the_table(double train, double test, double best, double wrong, CorruptionPhase phase) =>
        Assert.Equal(phase, CorruptionPhases.Of(train, test, best, wrong));

    private static DataSplit Split(int p, double wrong, RandomKey key)
    {
        var data = DataSet.Of(ArithmeticTask.Parse("x + y", new Modulus(p)).OrThrow()).OrThrow();
        return DataSplit.Of(data, 0.5, key).OrThrow().Corrupt(wrong, CorruptionScope.Train, key).OrThrow();
    }
}
