using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Measures;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;

namespace Grokking.Properties.Analytic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class LogarithmicPhasesTests
{
    private const double Rounding = 1e-11;

    [Property]
    public void Small_primes_multiply_exactly_on_every_pair(TinyPrime p)
    {
        var solution = LogarithmicPhases.Multiplication(p);
        Assert.Equal((6 * (p - 1)) + 2, solution.Network.Width);
        Assert.Equal(p * p, solution.Samples.Size);
        AssertOneHot(solution, (x, y) => x * y % p);
    }

    [Property]
    public void Small_primes_divide_exactly_on_every_pair(TinyPrime p)
    {
        var solution = LogarithmicPhases.Division(p);
        Assert.Equal((6 * (p - 1)) + 1, solution.Network.Width);
        Assert.Equal(p * (p - 1), solution.Samples.Size);
        AssertOneHot(solution, (x, y) => Enumerable.Range(0, p).Single(quotient => quotient * y % p == x));
    }

    [Property(MaxTest = 15)]
    public void Any_prime_multiplies_and_divides(SmallPrime p, AnyKey key)
    {
        AssertOneHot(LogarithmicPhases.Multiplication(p).Some(60, key), (x, y) => x * y % p);
        AssertOneHot(LogarithmicPhases.Division(p).Some(60, key), (x, y) => Enumerable.Range(0, p).Single(quotient => quotient * y % p == x));
    }

    [Property(MaxTest = 50)]
    public void Any_functions_of_the_operands_may_be_multiplied(TinyPrime p, AnyKey key)
    {
        var (g1, g2) = (Networks.RandomTable(p, key.Key.Split("g1")), Networks.RandomTable(p, key.Key.Split("g2")));
        AssertOneHot(Compositions.OfFunctions(g1, g2, LogarithmicPhases.Multiplication(p)), (x, y) => g1[x] * g2[y] % p);
    }

    [Property(MaxTest = 50)]
    public void Quotients_of_functions_leave_out_the_pairs_that_divide_by_zero(TinyPrime p, AnyKey key)
    {
        var (g1, g2) = (Networks.RandomTable(p, key.Key.Split("g1")), Networks.RandomTable(p, key.Key.Split("g2")));
        var solution = Compositions.OfFunctions(g1, g2, LogarithmicPhases.Division(p));
        Assert.Equal(p * g2.Count(value => value != 0), solution.Samples.Size);
        if (solution.Samples.Size > 0)
        {
            AssertOneHot(solution, (x, y) => Enumerable.Range(0, p).Single(quotient => quotient * g2[y] % p == g1[x]));
        }
    }

    [Property]
    public void Composite_moduli_are_refused(CompositeModulus m)
    {
        Assert.Throws<InvalidOperationException>(() => LogarithmicPhases.Multiplication(m));
        Assert.Throws<InvalidOperationException>(() => LogarithmicPhases.Division(m));
    }

    private static void AssertOneHot(AnalyticSolution solution, Func<int, int, int> task)
    {
        var (xs, ys) = (Pairs.Known(solution.Samples.Operands[0]), Pairs.Known(solution.Samples.Operands[1]));
        Assert.Equal(xs.Zip(ys, task), solution.Labels);
        var logits = solution.Logits();
        var oneHot = Dense.Build(logits.Shape, at => at[1] == solution.Labels[at[0]] ? 1 : 0);
        Assert.Equal(0, Networks.LargestDifference(logits, oneHot), Rounding);
        Assert.Equal(0, Networks.LargestDifference(solution.PredictedLogits(), oneHot), Rounding);
        Assert.Equal(1, solution.PredictedMargin(), AlgebraicFact.MarginTolerance);
        Assert.Equal(1, Classification.Accuracy(solution.Labels, solution.SingleLogits()));
    }
}
