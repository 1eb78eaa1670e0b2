using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

/// <summary>Sizes of tensors and of sets of tensors, summed in float64 in index order. A NaN anywhere gives NaN.</summary>
public static class Norms
{
    /// <summary>√Σ w²: the Frobenius norm of one tensor.</summary>
    public static double Frobenius(Dense tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Math.Sqrt(SumOfSquares(tensor));
    }

    /// <summary>√Σ w² over all tensors together.</summary>
    public static double Frobenius(Parameters<Dense> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Math.Sqrt(tensors.Values.Sum(SumOfSquares));
    }

    /// <summary>√Σ w² over all weights.</summary>
    public static double Frobenius(Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        return Math.Sqrt(specimen.SumsOfSquares.Sum());
    }

    /// <summary>√(mean of w²) over all weights; 1 in expectation for the quadratic network at the start.</summary>
    public static double RootMeanSquare(Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        return Math.Sqrt(specimen.SumsOfSquares.Sum() / specimen.Weights.Values.Sum(tensor => (double)tensor.Shape.Count));
    }

    /// <summary>Σ w² of one tensor.</summary>
    internal static double SumOfSquares(Dense tensor)
    {
        var sum = 0.0;
        foreach (var value in tensor.Span)
        {
            sum += value * value;
        }

        return sum;
    }
}
