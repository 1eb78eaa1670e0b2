using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Measures;

/// <summary>What logits decide, and how clearly. The answer is the place of the largest logit; the lowest place among equals.</summary>
/// <remarks>A NaN never wins; a row of nothing but NaN answers 0.</remarks>
public static class Classification
{
    /// <summary>The answer for each row of logits [B, p].</summary>
    public static ImmutableArray<int> Answers(Dense logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var (rows, classes) = Sizes(logits);
        return [.. Enumerable.Range(0, rows).Select(row => ArgMax(logits.Span.Slice(row * classes, classes)))];
    }

    /// <summary>The share of rows of logits [B, p] whose answer is the label, in [0, 1]; NaN without rows.</summary>
    /// <exception cref="ArgumentException">There are not as many labels as rows.</exception>
    public static double Accuracy(ImmutableArray<int> labels, Dense logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireOneLabelPerRow(labels, logits);
        var answers = Answers(logits);
        return (double)answers.Where((answer, row) => answer == labels[row]).Count() / answers.Length;
    }

    /// <summary>
    /// The smallest difference over the rows between the logit of the label and the best other one: positive if and only if every
    /// answer is right and none is a tie. Infinite without rows.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many labels as rows.</exception>
    public static double Margin(ImmutableArray<int> labels, Dense logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireOneLabelPerRow(labels, logits);
        var classes = logits.Shape[1];
        var smallest = double.PositiveInfinity;
        for (var row = 0; row < labels.Length; row++)
        {
            smallest = Math.Min(smallest, Margin(labels[row], logits.Span.Slice(row * classes, classes)));
        }

        return smallest;
    }

    /// <summary>The logit of the label minus the best other one.</summary>
    internal static double Margin(int label, ReadOnlySpan<double> logits)
    {
        var best = double.NegativeInfinity;
        for (var q = 0; q < logits.Length; q++)
        {
            best = q == label ? best : Math.Max(best, logits[q]);
        }

        return logits[label] - best;
    }

    /// <summary>The place of the largest logit, the lowest among equals.</summary>
    internal static int ArgMax(ReadOnlySpan<double> logits)
    {
        var (best, place) = (double.NegativeInfinity, 0);
        for (var q = 0; q < logits.Length; q++)
        {
            if (logits[q] > best)
            {
                (best, place) = (logits[q], q);
            }
        }

        return place;
    }

    private static (int Rows, int Classes) Sizes(Dense logits) => logits.Shape.Rank == 2
        ? (logits.Shape[0], logits.Shape[1])
        : throw new ArgumentException($"Logits have shape [samples, classes], not {logits.Shape}.", nameof(logits));

    private static void RequireOneLabelPerRow(ImmutableArray<int> labels, Dense logits)
    {
        if (Sizes(logits).Rows != labels.Length)
        {
            throw new ArgumentException($"{labels.Length} labels cannot judge logits of shape {logits.Shape}.", nameof(labels));
        }
    }
}
