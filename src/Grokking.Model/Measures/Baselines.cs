using System.Collections.Immutable;

namespace Grokking.Measures;

// p classes, f_c share of class c among the training labels

/// <summary>What a predictor reaches that looks at no operand. Drawn beside every curve; a curve that stays on one has learned nothing.</summary>
/// <param name="ChanceAccuracy">1/(number of labels that occur).</param>
/// <param name="UniformCrossEntropy">ln p, in nats.</param>
/// <param name="ZeroOutputMeanSquaredError">1/p: the mean of the squared one-hot label over the p classes.</param>
/// <param name="LabelMarginal">The predictor that knows how frequent the training labels are.</param>
public sealed record Baselines(
    double ChanceAccuracy, double UniformCrossEntropy, double ZeroOutputMeanSquaredError, LabelMarginal LabelMarginal)
{
    /// <summary>The baselines of a split.</summary>
    /// <param name="classes">p.</param>
    /// <param name="trainLabels">The training labels, at least one, each below p.</param>
    /// <param name="testLabels">The test labels, each below p.</param>
    /// <exception cref="ArgumentException">There are no training labels.</exception>
    public static Baselines Of(int classes, ImmutableArray<int> trainLabels, ImmutableArray<int> testLabels) => new(
        1.0 / trainLabels.Concat(testLabels).Distinct().Count(),
        Math.Log(classes),
        1.0 / classes,
        LabelMarginal.Of(classes, trainLabels, testLabels));
}

/// <summary>The constant predictor from the training labels' shares f_c, each sum or mean as the training losses have it.</summary>
/// <param name="TrainCrossEntropy">−Σ f_c ln f_c, in nats.</param>
/// <param name="TestCrossEntropy">−mean of ln f at the test labels, in nats; NaN without test labels.</param>
/// <param name="TrainMeanSquaredError">(1/p)(1 − Σ f_c²).</param>
/// <param name="TestMeanSquaredError">(1/p)(1 + Σ f_c² − 2·mean of f at the test labels); NaN without test labels.</param>
/// <param name="TrainAccuracy">The share of the most frequent training label, the lowest among equals.</param>
/// <param name="TestAccuracy">Its share among the test labels; NaN without test labels.</param>
/// <param name="Floored">Whether a test label never occurs in training, so that its share was taken as 1/(10·number of training samples).</param>
public sealed record LabelMarginal(
    double TrainCrossEntropy,
    double TestCrossEntropy,
    double TrainMeanSquaredError,
    double TestMeanSquaredError,
    double TrainAccuracy,
    double TestAccuracy,
    bool Floored)
{
    /// <summary>The predictor of a split; arguments as in <see cref="Baselines.Of"/>.</summary>
    /// <exception cref="ArgumentException">There are no training labels.</exception>
    public static LabelMarginal Of(int classes, ImmutableArray<int> trainLabels, ImmutableArray<int> testLabels)
    {
        if (trainLabels.IsEmpty)
        {
            throw new ArgumentException("Shares of labels need at least one training label.", nameof(trainLabels));
        }

        var shares = new double[classes];
        foreach (var label in trainLabels)
        {
            shares[label] += 1.0 / trainLabels.Length;
        }

        var floor = 0.1 / trainLabels.Length;
        var most = Array.IndexOf(shares, shares.Max());
        var squares = shares.Sum(share => share * share);
        double Test(Func<int, double> number) => testLabels.IsEmpty ? double.NaN : testLabels.Average(number);
        return new(
            -shares.Where(share => share > 0).Sum(share => share * Math.Log(share)),
            -Test(label => Math.Log(Math.Max(shares[label], floor))),
            (1 - squares) / classes,
            (1 + squares - (2 * Test(label => shares[label]))) / classes,
            shares[most],
            Test(label => label == most ? 1 : 0),
            testLabels.Any(label => shares[label] == 0));
    }
}
