using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Measures;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;

namespace Grokking.Properties.Analytic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class CompositionsTests
{
    private const double Rounding = 1e-12;

    [Property]
    public void Any_functions_of_the_operands_may_be_added(TinyModulus p, AnyKey key)
    {
        var (f1, f2) = (Networks.RandomTable(p, key.Key.Split("f1")), Networks.RandomTable(p, key.Key.Split("f2")));
        var solution = Compositions.OfFunctions(f1, f2, BalancedPhases.HalfAndConstant(p));
        AssertRight(solution, (x, y) => (f1[x] + f2[y]) % p);
    }

    [Property]
    public void Any_function_may_follow_by_the_forward_map(TinyModulus p, AnyKey key)
    {
        var (f1, f2) = (Networks.RandomTable(p, key.Key.Split("f1")), Networks.RandomTable(p, key.Key.Split("f2")));
        var map = Networks.RandomTable(p, key.Key.Split("map"));
        var solution = Compositions.WithForwardMap(map, Compositions.OfFunctions(f1, f2, BalancedPhases.AllFrequencies(p)));
        AssertRight(solution, (x, y) => map[(f1[x] + f2[y]) % p]);
        Assert.Equal(1, solution.PredictedMargin(), Rounding);
    }

    [Property]
    public void One_branch_is_right_for_one_preimage_of_each_result(TinyModulus p, AnyKey key)
    {
        var map = Networks.RandomTable(p, key);
        var sum = BalancedPhases.AllFrequenciesButZero(p);
        var solution = Compositions.WithOneBranch(map, sum);
        Assert.Equal(map.Distinct().Count() / (double)p, Compositions.OneBranchAccuracy(map, sum), Rounding);
        Assert.Equal(Compositions.OneBranchAccuracy(map, sum), Classification.Accuracy(solution.Labels, solution.Logits()));
        Assert.Equal(0, Networks.LargestDifference(solution.Logits(), solution.PredictedLogits()), Rounding);

        // Where sums are not equally frequent it matters which preimage is taken: the lowest.
        var uneven = Compositions.OfFunctions(Networks.RandomTable(p, key.Key.Split("f1")), Networks.RandomTable(p, key.Key.Split("f2")), sum);
        var lowest = uneven.Labels.Average(s => map[..s].Contains(map[s]) ? 0.0 : 1);
        var one = Compositions.WithOneBranch(map, uneven);
        Assert.Equal(lowest, Compositions.OneBranchAccuracy(map, uneven));
        Assert.Equal(lowest, Classification.Accuracy(one.Labels, one.Logits()));
    }

    [Property]
    public void One_branch_is_enough_for_a_function_with_an_inverse(TinyModulus p, AnyKey key)
    {
        var map = key.Key.Permutation(p);
        AssertRight(Compositions.WithOneBranch(map, BalancedPhases.OneFrequency(p, 1)), (x, y) => map[(x + y) % p]);
    }

    [Property]
    public void One_branch_of_the_square_root_is_right_for_about_half_of_the_pairs(OddPrime p) =>
        Assert.Equal((p + 1) / (2.0 * p), Compositions.OneBranchAccuracy(Squares(p), BalancedPhases.OneFrequency(p, 1)), Rounding);

    [Fact]
    public void With_random_phases_one_branch_fails_and_the_forward_map_does_not()
    {
        var sum = RandomPhases.Addition(97, 500, RandomKey.FromSeed(0));
        var (one, all) = (Compositions.WithOneBranch(Squares(97), sum), Compositions.WithForwardMap(Squares(97), sum));
        Assert.InRange(Classification.Accuracy(one.Labels, one.Logits()), 98 / 194.0, 0.53);
        Assert.Equal(1, Classification.Accuracy(all.Labels, all.Logits()));
    }

    [Fact]
    public void The_papers_examples_are_exact()
    {
        ImmutableArray<int> Table(int p, Func<int, long> f) => [.. Enumerable.Range(0, p).Select(x => (int)(f(x) % p))];
        AssertRight(
            Compositions.OfFunctions(Table(97, n => 5L * n * n * n), Table(97, m => 2L * m * m * m * m), BalancedPhases.AllFrequencies(97)),
            (n, m) => (int)(((5L * n * n * n) + (2L * m * m * m * m)) % 97));
        AssertRight(
            Compositions.OfFunctions(Table(91, n => (long)n * n), Table(91, m => 3L * m), BalancedPhases.AllFrequencies(91)),
            (n, m) => ((n * n) + (3 * m)) % 91);
        AssertRight(Compositions.WithForwardMap(Squares(97), BalancedPhases.AllFrequencies(97)), (n, m) => (n + m) * (n + m) % 97);
    }

    [Fact]
    public void A_table_that_is_no_function_modulo_p_is_refused()
    {
        var solution = BalancedPhases.OneFrequency(5, 1);
        Assert.Throws<ArgumentException>(() => Compositions.WithForwardMap([0, 1, 2, 3], solution));
        Assert.Throws<ArgumentException>(() => Compositions.WithOneBranch([0, 1, 2, 3, 5], solution));
        Assert.Throws<ArgumentException>(() => Compositions.OfFunctions([0, 1, 2, 3, -1], [0, 1, 2, 3, 4], solution));
    }

    private static ImmutableArray<int> Squares(int p) => [.. Enumerable.Range(0, p).Select(s => s * s % p)];

    private static void AssertRight(AnalyticSolution solution, Func<int, int, int> task)
    {
        var p = solution.Network.Modulus;
        Assert.Equal(p * p, solution.Samples.Size);
        Assert.Equal(Enumerable.Range(0, p * p).Select(pair => task(pair / p, pair % p)), solution.Labels);
        var logits = solution.Logits();
        Assert.Equal(1, Classification.Accuracy(solution.Labels, logits));
        Assert.Equal(0, Networks.LargestDifference(logits, solution.PredictedLogits()), Rounding);
        Assert.Equal(solution.PredictedMargin(), Classification.Margin(solution.Labels, logits), AlgebraicFact.MarginTolerance);
    }
}
