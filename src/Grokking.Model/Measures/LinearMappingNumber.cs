using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Grokking.Measures;

// n samples, d coordinates of a point, m outputs, λ place on the way from one sample to another, N hidden width, p modulus

/// <summary>
/// The linear mapping number of a function on samples: how many linear pieces it behaves like (arXiv 2310.05918). 1 for an affine map, c where the samples
/// fall into c equal groups within which the outputs run along straight lines and between which they do not.
/// </summary>
/// <remarks>
/// L_ij is the squared correlation of an output with λ on the way x_i + λ(x_j − x_i), λ = 0, 0.05 … 1, mean over the outputs; L_ii = 1. With λ̃ the absolute
/// eigenvalues of (L + Lᵀ)/2 over their sum, the number is 2^(−Σ λ̃ log2 λ̃): in [1, n]. An output that does not move has no correlation; 1 is used
/// [our choice]. NaN where an output is.
/// </remarks>
public static class LinearMappingNumber
{
    /// <summary>The places λ on a way.</summary>
    public const int Places = 21;

    private static readonly int Lanes = System.Numerics.Vector<double>.Count;

    /// <summary>An output whose values differ by less than this share of the largest moves by rounding alone.</summary>
    private const double Stillness = 1e-12;

    /// <summary>ρ = Var(λ² − λ)/Var(λ) over the places: 0.0728333…; 1/15 on a continuous way.</summary>
    public static double CurvatureShare { get; } =
        Variance(Enumerable.Range(0, Places).Select(i => Place(i) * (Place(i) - 1))) / Variance(Enumerable.Range(0, Places).Select(Place));

    /// <summary>λ at a place of the way.</summary>
    /// <param name="place">0 … <see cref="Places"/> − 1.</param>
    public static double Place(int place) => place / (Places - 1.0);

    /// <summary>The number of samples that are connected so.</summary>
    /// <param name="connectivity">L, [n, n], each entry in [0, 1]; what is not symmetric in it is left out.</param>
    /// <exception cref="ArgumentException">The tensor is no square.</exception>
    public static double Of(Dense connectivity)
    {
        ArgumentNullException.ThrowIfNull(connectivity);
        if (connectivity.Shape.Rank != 2 || connectivity.Shape[0] != connectivity.Shape[1] || connectivity.Shape[0] == 0)
        {
            throw new ArgumentException($"Samples are connected by a square matrix, not one of shape {connectivity.Shape}.", nameof(connectivity));
        }

        var n = connectivity.Shape[0];
        if (connectivity.Span.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
        {
            return double.NaN;
        }

        var symmetric = Matrix<double>.Build.Dense(n, n, (i, j) => (connectivity.Span[(i * n) + j] + connectivity.Span[(j * n) + i]) / 2);
        var sizes = symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Abs(value.Real)).ToArray();
        var sum = sizes.Sum();
        return Math.Pow(2, -sizes.Select(size => size / sum).Where(share => share > 0).Sum(share => share * Math.Log2(share)));
    }

    /// <summary>The number of any function on points of a vector space. It is called n(n − 1)/2 times.</summary>
    /// <param name="points">n points, [n, d].</param>
    /// <param name="function">From points [<see cref="Places"/>, d] to outputs [<see cref="Places"/>, m].</param>
    public static double OfFunction(Dense points, Func<Dense, Dense> function)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(function);
        var d = points.Shape[1];
        return Of(Connectivity(points.Shape[0], (i, j) => function(Dense.Build(
            Shape.Of(Places, d),
            at => points.Span[(i * d) + at[1]] + (Place(at[0]) * (points.Span[(j * d) + at[1]] - points.Span[(i * d) + at[1]]))))));
    }

    /// <summary>L from the outputs on each way between two samples, asked for once for each pair i &lt; j.</summary>
    /// <param name="samples">n.</param>
    /// <param name="outputs">For samples i and j the outputs at all places, [<see cref="Places"/>, m].</param>
    public static Dense Connectivity(int samples, Func<int, int, Dense> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return Symmetric(samples, (i, j) => MeanCorrelation(outputs(i, j).Span));
    }

    /// <summary>
    /// L of the quadratic network from its stacked one-hot inputs (or, which is the same, its pre-activations) to its outputs, in closed form and without a way:
    /// with A_ij = Σ_k W2[q, k] h_k(x_i) h_k(x_j), output q has r² = b²/(b² + ρ c²), b = A_jj − A_ii its difference, c = A_ii + A_jj − 2 A_ij its
    /// curvature. Own derivation. The work grows as n² N p/2: about 0.2 s for n = 128, N = 500, p = 97.
    /// </summary>
    /// <param name="specimen">The weights.</param>
    /// <param name="samples">n samples; their labels do not matter.</param>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one, its activation not the square, or it normalises.</exception>
    public static Dense ClosedForm(Specimen specimen, Batch samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var network = TangentKernel.Square(specimen);
        var (n, width, p) = (samples.Size, network.Width, network.Modulus);
        var hidden = network.PreActivations(specimen.Weights, samples);
        // Filled up to whole vectors.
        var padded = (n + Lanes - 1) / Lanes * Lanes;
        var columns = Tensor.Pad(Tensor.Transpose(hidden), 1, 0, padded).Span;
        var w2 = specimen.Weights["w2"].Span;
        var correlations = new double[n * n];
        var products = new double[n * padded];
        for (var q = 0; q < p; q++)
        {
            Array.Clear(products);
            for (var i = 0; i < n; i++)
            {
                var row = products.AsSpan(i * padded, padded);
                for (var k = 0; k < width; k++)
                {
                    TangentKernel.AddMultiple(w2[(q * width) + k] * hidden.Span[(i * width) + k], columns.Slice(k * padded, padded), row);
                }
            }

            for (var place = 0; place < correlations.Length; place++)
            {
                var (i, j) = (place / n, place % n);
                var (first, last, both) = (products[(i * padded) + i], products[(j * padded) + j], products[(i * padded) + j]);
                correlations[place] += Correlation(last - first, first + last - (2 * both), Math.Abs(first) + Math.Abs(last)) / p;
            }
        }

        return Symmetric(n, (i, j) => correlations[(i * n) + j]);
    }

    private static double Correlation(double difference, double curvature, double size)
    {
        var (b, c) = (difference * difference, curvature * curvature);
        return Math.Abs(difference) + Math.Abs(curvature) <= Stillness * size ? 1 : b / (b + (CurvatureShare * c));
    }

    /// <summary>The mean over m outputs of r²(output, λ), the places outermost.</summary>
    private static double MeanCorrelation(ReadOnlySpan<double> outputs)
    {
        var m = outputs.Length / Places;
        var sum = 0.0;
        for (var k = 0; k < m; k++)
        {
            var (mean, largest) = (0.0, 0.0);
            for (var place = 0; place < Places; place++)
            {
                var value = outputs[(place * m) + k];
                (mean, largest) = (mean + (value / Places), Math.Max(largest, Math.Abs(value)));
            }

            var (squares, along, ways, furthest) = (0.0, 0.0, 0.0, 0.0);
            for (var place = 0; place < Places; place++)
            {
                var (off, lambda) = (outputs[(place * m) + k] - mean, Place(place) - 0.5);
                squares += off * off;
                along += off * lambda;
                ways += lambda * lambda;
                furthest = Math.Max(furthest, Math.Abs(off));
            }

            sum += furthest <= Stillness * largest ? 1 : along * along / (squares * ways);
        }

        return sum / m;
    }

    private static Dense Symmetric(int n, Func<int, int, double> above)
    {
        var values = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            values[(i * n) + i] = 1;
            for (var j = i + 1; j < n; j++)
            {
                values[(i * n) + j] = values[(j * n) + i] = above(i, j);
            }
        }

        return Dense.Own(Shape.Of(n, n), values);
    }

    private static double Variance(IEnumerable<double> values)
    {
        var all = values.ToImmutableArray();
        var mean = all.Average();
        return all.Average(value => (value - mean) * (value - mean));
    }
}
