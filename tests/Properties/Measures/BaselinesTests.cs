using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class BaselinesTests
{
    private const double Rounding = 1e-12;

    [Property]
    public void Baselines_are_the_losses_of_predictors_that_look_at_no_operand(TinyModulus p, byte trainSize, byte testSize, AnyKey key)
    {
        ImmutableArray<int> Labels(string purpose, int count) => [.. Enumerable.Range(0, count).Select(i => key.Key.Split(purpose).Below(p, (ulong)i))];
        var (train, test) = (Labels("train", 1 + trainSize), Labels("test", 1 + testSize));
        var baselines = Baselines.Of(p, train, test);
        var shares = Enumerable.Range(0, p).Select(label => train.Count(other => other == label) / (double)train.Length).ToArray();
        var marginal = baselines.LabelMarginal;

        double Loss(Loss loss, ImmutableArray<int> labels, Func<int, double> logit) =>
            loss.Of(Dense.Build(Shape.Of(labels.Length, p), at => logit(at[1])), Indices.Of(labels, p)).Scalar;
        Assert.Equal(Loss(new Loss.MeanSquaredError(), test, _ => 0), baselines.ZeroOutputMeanSquaredError, Rounding);
        Assert.Equal(Loss(new Loss.CrossEntropy(), test, _ => 0), baselines.UniformCrossEntropy, Rounding);
        Assert.Equal(Loss(new Loss.MeanSquaredError(), train, q => shares[q]), marginal.TrainMeanSquaredError, Rounding);
        Assert.Equal(Loss(new Loss.MeanSquaredError(), test, q => shares[q]), marginal.TestMeanSquaredError, Rounding);
        Assert.Equal(Loss(new Loss.CrossEntropy(), train, q => Math.Log(Math.Max(shares[q], 1e-300))), marginal.TrainCrossEntropy, Rounding);
        Assert.Equal(test.Except(train).Any(), marginal.Floored);
        if (!marginal.Floored)
        {
            Assert.Equal(Loss(new Loss.CrossEntropy(), test, q => Math.Log(Math.Max(shares[q], 1e-300))), marginal.TestCrossEntropy, Rounding);
        }

        var most = Array.FindIndex(shares, share => share > shares.Max() - Rounding);
        Assert.Equal(test.Count(label => label == most) / (double)test.Length, marginal.TestAccuracy, Rounding);
        Assert.Equal(train.Count(label => label == most) / (double)train.Length, marginal.TrainAccuracy, Rounding);
    }

    [Theory]
    [InlineData("x + y", 41, 0.3, 504, 3.6853, 0.0064, 3.7683, 0.0130, 0.0376, 0.0029, 0.0188, 0.0012)]
    [InlineData("x + y", 41, 0.5, 840, 3.7012, 0.0030, 3.7514, 0.0092, 0.0329, 0.0018, 0.0159, 0.0018)]
    [InlineData("x + y", 41, 0.7, 1176, 3.7083, 0.0011, 3.7434, 0.0065, 0.0296, 0.0010, 0.0124, 0.0024)]
    [InlineData("x / y", 41, 0.5, 820, 3.7015, 0.0026, 3.7505, 0.0081, 0.0325, 0.0016, 0.0162, 0.0016)]
    [InlineData("x / y", 97, 0.5, 4656, 4.5696, 0.0007, 4.5903, 0.0022, 0.0129, 0.0005, 0.0077, 0.0004)]
    public void The_label_marginal_is_the_one_that_was_computed_elsewhere(
        string operation, int p, double fraction, int trained, double trainLoss, double s1, double testLoss, double s2, double trainAccuracy, double s3, double testAccuracy, double s4)
    {
        // Means and standard deviations over random splits; the mean of ours lies within three standard errors of both, and of the rounding.
        const int Splits = 60;
        var data = DataSet.Of(ArithmeticTask.Parse(operation, new Modulus(p)).OrThrow()).OrThrow();
        LabelMarginal[] marginals = [.. Enumerable.Range(0, Splits).Select(i =>
        {
            var split = DataSplit.Of(data, fraction, RandomKey.FromSeed((ulong)i)).OrThrow();
            Assert.Equal(trained, split.Train.Length);
            return LabelMarginal.Of(p, Samples.TrainOf(split).Labels, Samples.TestOf(split).Labels);
        })];
        void AssertMean(double mean, double deviation, Func<LabelMarginal, double> of) =>
            Assert.Equal(mean, marginals.Average(of), (3 * deviation * Math.Sqrt((1.0 / Splits) + (1.0 / 200))) + 5e-5);
        AssertMean(trainLoss, s1, marginal => marginal.TrainCrossEntropy);
        AssertMean(testLoss, s2, marginal => marginal.TestCrossEntropy);
        AssertMean(trainAccuracy, s3, marginal => marginal.TrainAccuracy);
        AssertMean(testAccuracy, s4, marginal => marginal.TestAccuracy);
    }

    [Fact]
    public void Chance_counts_only_labels_that_occur() => Assert.Equal(1 / 3.0, Baselines.Of(97, [5, 5, 7], [9]).ChanceAccuracy);

    [Fact]
    public void A_label_unseen_in_training_has_a_tenth_of_one_sample()
    {
        var marginal = LabelMarginal.Of(3, [0, 0, 1, 1], [2]);
        Assert.True(marginal.Floored);
        Assert.Equal(Math.Log(40), marginal.TestCrossEntropy, Rounding);
    }

    [Fact]
    public void A_loss_diverges_beyond_a_thousand_times_the_first_or_where_it_is_no_number()
    {
        Assert.False(Divergence.IsReached(0.01, 10));
        Assert.True(Divergence.IsReached(0.01, 10.001));
        Assert.All([double.NaN, double.PositiveInfinity], loss => Assert.True(Divergence.IsReached(0.01, loss)));
    }

    [Fact]
    public void The_answer_is_the_largest_logit_and_the_lowest_place_among_equals()
    {
        var logits = Dense.Of(Shape.Of(4, 3), [1, 3, 2, 5, 5, 5, double.NaN, -1, -2, double.NaN, double.NaN, double.NaN]);
        Assert.Equal([1, 0, 1, 0], Classification.Answers(logits).AsEnumerable());
        Assert.Equal(0.75, Classification.Accuracy([1, 0, 1, 2], logits));
        Assert.Equal(1, Classification.Margin([1], Dense.Of(Shape.Of(1, 3), [1, 3, 2])));
        Assert.Throws<ArgumentException>(() => Classification.Accuracy([1], logits));
    }

    [Property]
    public void A_positive_margin_means_that_every_answer_is_right(TinyModulus p, byte rows, AnyKey key)
    {
        ImmutableArray<int> labels = [.. Enumerable.Range(0, rows % 4).Select(i => key.Key.Below(p, (ulong)i))];
        var logits = Dense.Build(Shape.Of(labels.Length, p), at => key.Key.Normal((ulong)((at[0] * p) + at[1])) + (at[1] == labels[at[0]] ? 2 : 0));
        Assert.Equal(labels.IsEmpty || Classification.Accuracy(labels, logits) == 1, Classification.Margin(labels, logits) > 0);
    }

    [Property]
    public void Norms_of_parts_add_up_in_squares(TinyModulus p, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 5);
        var weights = Weights.RandomWeights(network, key);
        var norm = Norms.Frobenius(weights);
        Assert.Equal(1, weights.Values.Sum(weight => Math.Pow(Norms.Frobenius(weight), 2)) / (norm * norm), Rounding);
        var specimen = new Specimen(network, weights);
        Assert.Equal(norm, Norms.Frobenius(specimen), Rounding);
        Assert.Equal(norm / Math.Sqrt(15 * p), Norms.RootMeanSquare(specimen), Rounding);
        Assert.Equal(3 * norm, Norms.Frobenius(weights.Map(weight => Tensor.Scale(weight, -3))), 1e-10);
    }

    [Property]
    public void Every_scalar_measure_is_a_number_where_it_applies(OddPrime p, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 3);
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        Assert.All(ScalarMeasures.For(network, [.. ScalarMeasures.Keywords]), measure => Assert.True(double.IsFinite(measure.Of(specimen)), measure.Name));
    }

    [Fact]
    public void Measures_are_asked_for_by_keyword_and_fit_the_network()
    {
        Assert.Equal(ScalarMeasures.All.Select(measure => measure.Keyword).Distinct().Order(StringComparer.Ordinal), ScalarMeasures.Keywords);
        Assert.All(ScalarMeasures.Keywords, keyword => Assert.Matches("^[a-z][a-z0-9-]*$", keyword));
        Assert.All(ScalarMeasures.All, measure => Assert.Matches("^[a-z][a-z0-9_]*$", measure.Name));
        Assert.Equal(ScalarMeasures.All.Count, ScalarMeasures.All.Select(measure => measure.Name).Distinct().Count());
        Assert.Equal(["weight_norm", "rms_weight"], ScalarMeasures.For(new QuadraticNetwork(5, 2, 3), ["norms"]).Select(measure => measure.Name));
        Assert.DoesNotContain(ScalarMeasures.For(new QuadraticNetwork(5, 3, 3), ["phases", "ipr"]), measure => measure.Keyword == "phases");
        Assert.Empty(ScalarMeasures.For(new QuadraticNetwork(5, 2, 3), []));
    }
}
