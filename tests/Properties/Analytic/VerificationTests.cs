using Grokking.Analytic;
using Grokking.Training;

namespace Grokking.Properties.Analytic;

/// <summary>The facts that <c>verify</c> prints.</summary>
public sealed class VerificationTests
{
    public static TheoryData<int> Moduli => [.. Enumerable.Range(2, 24), 31, 36];

    [Theory]
    [MemberData(nameof(Moduli))]
    public void Every_fact_holds(int modulus) => Assert.All(Verification.Check(modulus), fact => Assert.True(fact.Holds, fact.ToString()));

    [Theory]
    [MemberData(nameof(Moduli))]
    public void Widths_are_those_of_the_derivation(int modulus)
    {
        var widths = Verification.Check(modulus).Where(fact => fact.Precision == Precision.Double).ToDictionary(fact => fact.Name, fact => fact.Width);
        Assert.Equal(6, widths["one_frequency"]);
        Assert.Equal(3, widths["three_neurons"]);
        Assert.Equal(modulus % 2 == 1 ? 3 * (modulus - 1) : 3 * modulus, widths["half_the_frequencies"]);
        Assert.Equal(6 * modulus, widths["all_frequencies"]);
        Assert.Equal((6 * (modulus / 2)) + 1, widths["half_and_constant"]);
        Assert.Equal((6 * (modulus / 2)) + 1, widths["half_and_constant_of_functions"]);
        Assert.Equal(Arbitraries.Moduli.IsPrime(modulus), widths.ContainsKey("multiplication"));
        Assert.Equal((6 * (modulus - 1)) + 2, widths.GetValueOrDefault("multiplication", (6 * (modulus - 1)) + 2));
    }

    /// <summary>Of the outputs' closed forms: (p/2 − 1)/p for a cosine, 1/(p (p − 1)) without the mean, 0 for one-hot outputs.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(23)]
    public void Squared_errors_are_those_of_the_derivation(int modulus)
    {
        var facts = Verification.Check(modulus).Where(fact => fact.Precision == Precision.Double).ToDictionary(fact => fact.Name, fact => fact);
        double p = modulus;
        Assert.Equal(((p / 2) - 1) / p, facts["one_frequency"].PredictedMeanSquaredError, 1e-12);
        if (modulus % 2 == 1)
        {
            Assert.Equal(1 / (p * (p - 1)), facts["half_the_frequencies"].PredictedMeanSquaredError, 1e-12);
        }

        Assert.All(["all_frequencies", "half_and_constant", "half_and_constant_of_functions"], name =>
        {
            Assert.Equal(0, facts[name].PredictedMeanSquaredError);
            Assert.True(facts[name].MeanSquaredError < 1e-25);
        });
        Assert.All(facts.Values, fact => Assert.False((fact with { MeanSquaredError = fact.PredictedMeanSquaredError + 1e-9 }).Holds));
    }

    [Fact]
    public void One_branch_of_the_root_is_right_for_one_root_of_each_square()
    {
        double Share(int modulus) => Verification.Check(modulus).First(fact => fact.Name.EndsWith("one_branch", StringComparison.Ordinal)).Accuracy;
        Assert.Equal(1, Share(2));
        Assert.All([3, 5, 7, 23, 31], prime => Assert.Equal((prime + 1) / (2.0 * prime), Share(prime)));
        // Squares modulo 4: 0, 1. Modulo 8: 0, 1, 4. Modulo 9: 0, 1, 4, 7. Modulo 12: 0, 1, 4, 9.
        Assert.Equal([2 / 4.0, 3 / 8.0, 4 / 9.0, 4 / 12.0], [Share(4), Share(8), Share(9), Share(12)]);
    }
}
