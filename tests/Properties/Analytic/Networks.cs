using System.Collections.Immutable;
using Grokking.Analytic;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Properties.Analytic;

/// <summary>Quadratic networks to try laws on.</summary>
internal static class Networks
{
    /// <summary>Weights as at the start of training: every entry N(0, 1).</summary>
    public static Parameters<Dense> RandomWeights(QuadraticNetwork network, RandomKey key) => new(
        [.. network.Parameters.Select(parameter => parameter.Name)],
        [.. network.Parameters.Select(parameter =>
        {
            var values = new double[parameter.Shape.Count];
            key.Split(parameter.Name).FillNormal(values, 0);
            return Dense.Of(parameter.Shape, values);
        })]);

    /// <summary>A function 0 … p − 1 → 0 … p − 1 as a table.</summary>
    public static ImmutableArray<int> RandomTable(int modulus, RandomKey key) =>
        [.. Enumerable.Range(0, modulus).Select(x => key.Below(modulus, (ulong)x))];

    /// <summary>Every pair of operands; the labels are their sums.</summary>
    public static Batch AllPairs(int modulus) => Pairs.Of(modulus, (x, y) => (x + y) % modulus);

    /// <summary>At most so many samples of a solution, the first and the last among them.</summary>
    public static AnalyticSolution Some(this AnalyticSolution solution, int count, RandomKey key)
    {
        var last = solution.Samples.Size - 1;
        ImmutableArray<int> places = last < count
            ? [.. Enumerable.Range(0, last + 1)]
            : [0, last, .. Enumerable.Range(0, count - 2).Select(i => key.Below(last + 1, (ulong)i))];
        Indices Choose(Indices from) => Indices.Of([.. places.Select(place => Pairs.Known(from)[place])], from.Bound);
        return solution with { Samples = new([.. solution.Samples.Operands.Select(Choose)], Choose(solution.Samples.Labels)) };
    }

    public static Dense Logits(this AnalyticSolution solution) => ForwardPass<double>.Logits(solution.Network, solution.Weights, solution.Samples);

    public static Dense SingleLogits(this AnalyticSolution solution) => ForwardPass<float>.Logits(solution.Network, solution.Weights, solution.Samples);

    /// <summary>The predicted outputs of all samples, [B, p].</summary>
    public static Dense PredictedLogits(this AnalyticSolution solution)
    {
        var (xs, ys) = (Pairs.Known(solution.Samples.Operands[0]), Pairs.Known(solution.Samples.Operands[1]));
        return Dense.Build(Shape.Of(xs.Length, solution.Network.Modulus), at => solution.Prediction.Output(xs[at[0]], ys[at[0]], at[1]));
    }

    public static double PredictedMargin(this AnalyticSolution solution) => ((Prediction.Exact)solution.Prediction).Margin;

    public static double LargestDifference(Dense left, Dense right) =>
        left.Span.ToArray().Zip(right.Span.ToArray(), (a, b) => Math.Abs(a - b)).Append(0).Max();
}
