using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

// N hidden width, B samples, p modulus, k hidden neuron, q place of the output

/// <summary>Which neurons go first.</summary>
public enum PruningOrder
{
    /// <summary>Those with the lowest inverse participation ratio: the least periodic.</summary>
    LowestFirst,

    /// <summary>Those with the highest: the most periodic.</summary>
    HighestFirst,
}

/// <summary>Accuracies on the parts of a split with corrupted labels, each in [0, 1] and NaN where the part is empty.</summary>
/// <param name="Train">On the training set, with the labels that were trained on.</param>
/// <param name="CleanTrain">On the training samples whose label is true.</param>
/// <param name="CorruptedTrain">On the training samples whose label is wrong, with the wrong label: memorised.</param>
/// <param name="CorrectedTrain">On the same samples, with the true label: seen through.</param>
/// <param name="Test">On the test set, with the split's labels.</param>
public sealed record CorruptionAccuracies(double Train, double CleanTrain, double CorruptedTrain, double CorrectedTrain, double Test)
{
    /// <summary>The accuracies of answers.</summary>
    /// <param name="answers">The answer for each sample of the data set, in its order.</param>
    /// <param name="split">The split.</param>
    /// <exception cref="ArgumentException">There are not as many answers as samples.</exception>
    public static CorruptionAccuracies Of(ImmutableArray<int> answers, DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (answers.Length != split.Data.Count)
        {
            throw new ArgumentException($"{answers.Length} answers cannot be judged by {split.Data.Count} samples.", nameof(answers));
        }

        double Share(ImmutableArray<int> among, Func<int, bool> counts, ImmutableArray<int> labels) =>
            (double)among.Count(i => counts(i) && answers[i] == labels[i]) / among.Count(counts);
        return new(
            Share(split.Train, _ => true, split.Labels),
            Share(split.Train, i => !split.IsCorrupted[i], split.Labels),
            Share(split.Train, i => split.IsCorrupted[i], split.Labels),
            Share(split.Train, i => split.IsCorrupted[i], split.Data.Labels),
            Share(split.Test, _ => true, split.Labels));
    }
}

/// <summary>A network with some neurons removed.</summary>
/// <param name="Removed">How many.</param>
/// <param name="Neuron">The last one removed; −1 before the first.</param>
/// <param name="Ratio">Its inverse participation ratio; NaN before the first, and for a dead neuron.</param>
/// <param name="Accuracies">What the others answer together.</param>
public sealed record PruningPoint(int Removed, int Neuron, double Ratio, CorruptionAccuracies Accuracies);

/// <summary>
/// Removing neurons of the quadratic network by their inverse participation ratio (arXiv 2310.13061): with the least periodic ones go the corrupted
/// labels that were memorised, with the most periodic ones goes the answer to the test set.
/// </summary>
public static class Pruning
{
    /// <summary>Accuracies with 0, 1, … N neurons removed. The work grows as p³ N: about 2 s at p = 97, N = 500.</summary>
    /// <remarks>
    /// The ratio is that of convention <c>half-rfft</c>; a dead neuron counts as the lowest, among equals the lower index goes first. Sums are over the
    /// remaining neurons, from the last to go to the first, in float64: nothing is subtracted.
    /// </remarks>
    /// <param name="specimen">The weights.</param>
    /// <param name="split">The samples and the labels that were trained on.</param>
    /// <param name="order">Which neurons go first.</param>
    /// <returns>N + 1 points, from all neurons to none.</returns>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one.</exception>
    public static ImmutableArray<PruningPoint> Curve(Specimen specimen, DataSplit split, PruningOrder order)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        ArgumentNullException.ThrowIfNull(split);
        var network = specimen.Quadratic;
        var ratios = ParticipationRatio.PerNeuron(ParticipationConvention.HalfRfft, specimen);
        ImmutableArray<int> leaving = order == PruningOrder.LowestFirst
            ? [.. Enumerable.Range(0, network.Width).OrderBy(k => ratios[k])]
            : [.. Enumerable.Range(0, network.Width).OrderByDescending(k => ratios[k])];
        var samples = new Batch(
            [.. split.Data.Operands.Select(operand => Indices.Of(operand, network.Modulus))], Indices.Of(split.Data.Labels, network.Modulus));

        var points = new PruningPoint[network.Width + 1];
        var outputs = new double[samples.Size * network.Modulus];
        for (var removed = network.Width; removed >= 0; removed--)
        {
            if (removed < network.Width)
            {
                Add(specimen, leaving[removed], samples, outputs);
            }

            var (last, ratio) = removed == 0 ? (-1, double.NaN) : (leaving[removed - 1], ratios[leaving[removed - 1]]);
            points[removed] = new(removed, last, ratio, CorruptionAccuracies.Of(Answers(outputs, network.Modulus), split));
        }

        return [.. points];
    }

    /// <summary>f += φ(h_k) W2[·, k]ᵀ, [B, p].</summary>
    private static void Add(Specimen specimen, int neuron, Batch samples, double[] outputs)
    {
        var (p, n) = (specimen.Quadratic.Modulus, specimen.Quadratic.Width);
        var active = Images.Contribution(specimen, neuron, samples).Span;
        var readOut = specimen.Weights["w2"].Span;
        var column = new double[p];
        for (var q = 0; q < p; q++)
        {
            column[q] = readOut[(q * n) + neuron];
        }

        for (var sample = 0; sample < active.Length; sample++)
        {
            var row = outputs.AsSpan(sample * p, p);
            var z = active[sample];
            for (var q = 0; q < row.Length; q++)
            {
                row[q] += z * column[q];
            }
        }
    }

    private static ImmutableArray<int> Answers(double[] outputs, int p)
    {
        var answers = ImmutableArray.CreateBuilder<int>(outputs.Length / p);
        for (var start = 0; start < outputs.Length; start += p)
        {
            answers.Add(Classification.ArgMax(outputs.AsSpan(start, p)));
        }

        return answers.MoveToImmutable();
    }
}
