using Grokking.Training;

namespace Grokking.Analytic;

/// <summary>A statement about one modulus, checked on every sample by evaluating the network.</summary>
/// <param name="Name">The solution that was evaluated, in snake_case.</param>
/// <param name="Statement">What is claimed, in words.</param>
/// <param name="Modulus">p.</param>
/// <param name="Width">N, the number of hidden neurons.</param>
/// <param name="Precision">The arithmetic throughout: weights, hidden neurons, sums and outputs.</param>
/// <param name="Samples">How many pairs of operands were tried: all in the domain.</param>
/// <param name="ExpectedAccuracy">The share of right answers that follows from the derivation, in [0, 1].</param>
/// <param name="Accuracy">The share seen.</param>
/// <param name="PredictedMargin">The smallest difference between the output at the right place and the best other one, as derived.</param>
/// <param name="Margin">The smallest difference seen.</param>
/// <param name="PredictedMeanSquaredError">The mean squared error against the one-hot answers, as derived.</param>
/// <param name="MeanSquaredError">The one seen.</param>
public sealed record AlgebraicFact(
    string Name,
    string Statement,
    int Modulus,
    int Width,
    Precision Precision,
    int Samples,
    double ExpectedAccuracy,
    double Accuracy,
    double PredictedMargin,
    double Margin,
    double PredictedMeanSquaredError,
    double MeanSquaredError)
{
    /// <summary>How far a margin in float64 may lie from the predicted one.</summary>
    public const double MarginTolerance = 1e-9;

    /// <summary>How far a mean squared error in float64 may lie from the predicted one; outputs that are one-hot leave about 1e-28.</summary>
    public const double ErrorTolerance = 1e-12;

    /// <summary>
    /// Whether every answer is as expected and, in float64, margin and mean squared error are the predicted ones to within
    /// <see cref="MarginTolerance"/> and <see cref="ErrorTolerance"/>. In float32, where the outputs carry errors up to about 1e-6, only the answers count.
    /// </summary>
    public bool Holds => Accuracy == ExpectedAccuracy
        && (Precision == Precision.Single
            || (Math.Abs(Margin - PredictedMargin) <= MarginTolerance && Math.Abs(MeanSquaredError - PredictedMeanSquaredError) <= ErrorTolerance));
}
