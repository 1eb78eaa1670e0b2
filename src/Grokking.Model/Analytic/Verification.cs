using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Training;

namespace Grokking.Analytic;

/// <summary>The algebraic facts about a modulus, each checked by evaluating a network on every pair of operands.</summary>
public static class Verification
{
    /// <summary>
    /// Checks every fact that applies to a modulus, in float64 and float32. The work grows as p⁴: about 0.7 s of one core at p = 113.
    /// </summary>
    /// <param name="modulus">p ≥ 2, prime or not; multiplication and division are checked for primes.</param>
    /// <returns>One fact per solution and precision; where the margin is below the errors of float32, in float64 only.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    public static ImmutableArray<AlgebraicFact> Check(int modulus) =>
        [.. Claims(new Modulus(modulus)).SelectMany(claim => claim.Precisions.Select(precision => Check(claim, precision)))];

    private static IEnumerable<Claim> Claims(Modulus modulus)
    {
        var p = modulus.Value;
        ImmutableArray<int> square = [.. Enumerable.Range(0, p).Select(s => modulus.Multiply(s, s))];
        yield return new("x + y by six neurons of one frequency", BalancedPhases.OneFrequency(p, 1), 1);
        yield return new("x + y by three neurons of one frequency", BalancedPhases.ThreeNeurons(p, 1), 1);
        yield return new("x + y by six neurons for each of half the frequencies", BalancedPhases.HalfTheFrequencies(p), 1);
        yield return new("x + y by six neurons for each frequency", BalancedPhases.AllFrequencies(p), 1);
        yield return new("x + y by six neurons for each of half the frequencies and a constant one", BalancedPhases.HalfAndConstant(p), 1);
        ImmutableArray<int> triple = [.. Enumerable.Range(0, p).Select(y => modulus.Multiply(3 % p, y))];
        yield return new("x^2 + 3 * y by functions of the operands", Compositions.OfFunctions(square, triple, BalancedPhases.HalfAndConstant(p)), 1);
        if (modulus.IsPrime)
        {
            yield return new("x * y by discrete logarithms", LogarithmicPhases.Multiplication(p), 1);
            yield return new("x / y by discrete logarithms", LogarithmicPhases.Division(p), 1);
        }

        yield return new("(x + y)^2 by the forward map", Compositions.WithForwardMap(square, BalancedPhases.AllFrequencies(p)), 1);

        // Of all exact solutions, one whose wrong outputs are below zero: what one branch cannot answer then goes wrong for certain.
        var sum = p % 2 == 1 ? BalancedPhases.HalfTheFrequencies(p) : BalancedPhases.AllFrequenciesButZero(p);
        yield return new(
            "(x + y)^2 by one branch of the root: right for one root of each square",
            Compositions.WithOneBranch(square, sum),
            Compositions.OneBranchAccuracy(square, sum));
    }

    private static AlgebraicFact Check(Claim claim, Precision precision)
    {
        var solution = claim.Solution;
        var score = AnalyticScore.Of(solution, precision);
        var predicted = (Prediction.Exact)solution.Prediction;
        return new(
            solution.Name,
            claim.Statement,
            solution.Network.Modulus,
            solution.Network.Width,
            precision,
            solution.Samples.Size,
            claim.Accuracy,
            score.Accuracy,
            predicted.Margin,
            score.Margin,
            predicted.MeanSquaredError(solution.Samples, solution.Network.Modulus),
            score.MeanSquaredError);
    }

    private sealed record Claim(string Statement, AnalyticSolution Solution, double Accuracy)
    {
        private const double SingleErrors = 1e-5;

        public ImmutableArray<Precision> Precisions =>
            Accuracy == 1 && ((Prediction.Exact)Solution.Prediction).Margin < SingleErrors ? [Precision.Double] : [Precision.Double, Precision.Single];
    }
}
