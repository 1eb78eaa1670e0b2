using Grokking.Measures;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Analytic;

/// <summary>What calculated weights are worth, seen by evaluating the network on every pair of operands.</summary>
/// <param name="Accuracy">The share of right answers, in [0, 1].</param>
/// <param name="MeanSquaredError">Σ (f − y)²/(B p) against the one-hot answers; a zero output has 1/p.</param>
/// <param name="Margin">The smallest difference between the output at the right place and the best other one.</param>
public sealed record AnalyticScore(double Accuracy, double MeanSquaredError, double Margin)
{
    /// <summary>The score of a solution, computed in float64 or float32. The work grows as p³ N: about 0.1 s of one core in float32 at p = 97, N = 1,000.</summary>
    public static AnalyticScore Of(AnalyticSolution solution, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var logits = precision == Precision.Double
            ? ForwardPass<double>.Logits(solution.Network, solution.Weights, solution.Samples)
            : ForwardPass<float>.Logits(solution.Network, solution.Weights, solution.Samples);
        return new(
            Classification.Accuracy(solution.Labels, logits),
            ErrorOf(solution, logits),
            Classification.Margin(solution.Labels, logits));
    }

    private static double ErrorOf(AnalyticSolution solution, Dense logits)
    {
        var (labels, p) = (solution.Labels, solution.Network.Modulus);
        var sum = 0.0;
        for (var place = 0; place < logits.Span.Length; place++)
        {
            var error = logits.Span[place] - (place % p == labels[place / p] ? 1 : 0);
            sum += error * error;
        }

        return sum / logits.Span.Length;
    }
}
