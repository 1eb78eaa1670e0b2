using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Properties.Analytic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class AnalyticScoreTests
{
    private const double Rounding = 1e-12;

    /// <summary>Means of four draws at p = 97 against reruns elsewhere (arXiv 2301.02679, Fig. 6), within the figure's bands.</summary>
    [Theory]
    [InlineData(Activation.Monomial, 2, HiddenAmplitude.Solution, 100, 99.7, 8)]
    [InlineData(Activation.Monomial, 2, HiddenAmplitude.Solution, 250, 100.0, 4)]
    [InlineData(Activation.Monomial, 4, HiddenAmplitude.Solution, 100, 100.0, 8)]
    [InlineData(Activation.Absolute, 2, HiddenAmplitude.Solution, 100, 92.0, 8)]
    [InlineData(Activation.Absolute, 2, HiddenAmplitude.Solution, 250, 100.0, 4)]
    [InlineData(Activation.Relu, 2, HiddenAmplitude.Solution, 100, 60.9, 8)]
    [InlineData(Activation.Relu, 2, HiddenAmplitude.Solution, 250, 97.8, 4)]
    [InlineData(Activation.Gelu, 2, HiddenAmplitude.Unit, 100, 68.7, 8)]
    [InlineData(Activation.Gelu, 2, HiddenAmplitude.Unit, 250, 99.2, 4)]
    [InlineData(Activation.Gelu, 2, HiddenAmplitude.Solution, 100, 40.9, 8)]
    [InlineData(Activation.Gelu, 2, HiddenAmplitude.Solution, 250, 87.8, 4)]
    [InlineData(Activation.Gelu, 2, HiddenAmplitude.Solution, 500, 99.6, 4)]
    public void Accuracy_under_other_activations_is_as_known(Activation activation, int degree, HiddenAmplitude amplitude, int width, double percent, double band)
    {
        var mean = Enumerable.Range(0, 4).Average(seed => AnalyticScore.Of(
            RandomPhases.Under(activation, degree, amplitude, RandomPhases.Addition(97, width, RandomKey.FromSeed((ulong)seed))), Precision.Single).Accuracy);
        Assert.Equal(percent, 100 * mean, band);
    }

    [Property(MaxTest = 30)]
    public void The_amplitude_does_not_matter_where_the_activation_is_homogeneous(TinyModulus p, byte width, byte activation, AnyKey key)
    {
        var drawn = RandomPhases.Addition(p, 1 + (width % 20), key);
        var kind = (Activation)(activation % 3);
        double Margin(HiddenAmplitude amplitude) => AnalyticScore.Of(RandomPhases.Under(kind, 3, amplitude, drawn), Precision.Double).Margin;
        var scale = Math.Pow(Math.Sqrt(2 * p) / Math.Cbrt(4.0 * p), kind == Activation.Monomial ? 3 : 1);
        Assert.Equal(Margin(HiddenAmplitude.Solution) * scale, Margin(HiddenAmplitude.Unit), 1e-9);
    }

    [Property(MaxTest = 30)]
    public void Exact_solutions_score_what_was_derived_in_either_precision(TinyModulus p)
    {
        var (hot, one) = (BalancedPhases.AllFrequencies(p), BalancedPhases.OneFrequency(p, 1));
        Assert.Equal(0, AnalyticScore.Of(hot, Precision.Double).MeanSquaredError, Rounding);
        Assert.Equal(1, AnalyticScore.Of(hot, Precision.Single).Accuracy);
        var score = AnalyticScore.Of(one, Precision.Double);
        Assert.Equal(one.PredictedMargin(), score.Margin, Rounding);
        // Σ_s (cos(2πs/p) − δ)²/p = (p/2 − 2 + 1)/p, and at p = 2, where the cosine is ±1, 1/2.
        Assert.Equal(p == 2 ? 0.5 : ((p / 2.0) - 1) / p, score.MeanSquaredError, Rounding);
    }

    [Property]
    public void No_weights_score_one_over_the_modulus(TinyModulus p)
    {
        var solution = BalancedPhases.OneFrequency(p, 1);
        var score = AnalyticScore.Of(solution with { Weights = solution.Weights.Map(weight => Grokking.Tensors.Tensor.Scale(weight, 0)) }, Precision.Double);
        Assert.Equal((1.0 / p, 1.0 / p, 0), (score.Accuracy, score.MeanSquaredError, score.Margin));
    }
}
