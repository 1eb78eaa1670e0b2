using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

// p modulus, D inputs, N hidden width, S samples, c = 1/(D N), h pre-activations, k hidden neuron, q place of the output

/// <summary>Which outputs of the network enter a kernel of its samples. There is no settled convention: always name it.</summary>
public enum KernelForm
{
    /// <summary>Σ_q K_qq, [S, S]: the sum over the outputs.</summary>
    Sum,

    /// <summary>K_qq', [S p, S p], samples outermost: every output with every other. For small networks only.</summary>
    Full,
}

/// <summary>
/// The neural tangent kernel of the quadratic network, K(x, x') = ∇f(x)·∇f(x') over all weights, in closed form, and how well it suits labels.
/// </summary>
/// <remarks>
/// With h = W1 x: K_qq'(x, x') = c² (δ_qq' Σ_k h_k² h'_k² + 4 g Σ_k W2[q, k] W2[q', k] h_k h'_k), where g counts the operands that x and x' share.
/// Own derivation. Alignment and drift are those of arXiv 2310.06110 (uncentred, as printed there) and arXiv 2407.12332.
/// </remarks>
public static class TangentKernel
{
    // Columns that stay in the cache while all rows pass by; a multiple of every vector's width.
    private const int TileWidth = 64;

    /// <summary>The name of a form in files: <c>sum</c>, <c>full</c>.</summary>
    public static string Id(KernelForm form) => form switch
    {
        KernelForm.Sum => "sum",
        KernelForm.Full => "full",
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };

    /// <summary>The kernel of samples. The work grows as S² N/2, and with p² for the full one.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one, its activation not the square, or it normalises.</exception>
    public static Dense Of(KernelForm form, Specimen specimen, Batch samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var network = Square(specimen);
        var w2 = specimen.Weights["w2"].Span;
        var squares = new double[network.Width];
        for (var place = 0; place < w2.Length; place++)
        {
            squares[place % network.Width] += w2[place] * w2[place];
        }

        return form switch
        {
            KernelForm.Sum => Single(specimen, samples, network.Modulus, squares),
            KernelForm.Full => Full(specimen, samples),
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };
    }

    /// <summary>K_qq of one output, [S, S].</summary>
    /// <param name="place">q, in 0 … p − 1.</param>
    /// <param name="specimen">The weights.</param>
    /// <param name="samples">S samples; their labels do not matter.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="Of"/>.</exception>
    public static Dense OfOutput(int place, Specimen specimen, Batch samples)
    {
        var network = Square(specimen);
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, network.Modulus);
        var row = specimen.Weights["w2"].Span.Slice(place * network.Width, network.Width).ToArray();
        return Single(specimen, samples, 1, [.. row.Select(w => w * w)]);
    }

    /// <summary>
    /// yᵀ K y/(‖K‖ |y|²) of a kernel and the samples' one-hot labels: the mean over the p columns y of the labels for <see cref="KernelForm.Sum"/> (columns
    /// without a sample left out), y as one vector for <see cref="KernelForm.Full"/>. In [0, 1]; NaN where the kernel is zero. Uncentred: a
    /// constant kernel has 1/p on equally frequent labels.
    /// </summary>
    /// <exception cref="InvalidOperationException">As for <see cref="Of"/>.</exception>
    public static double Alignment(KernelForm form, Specimen specimen, Batch samples)
    {
        return AlignmentOf(form, Of(form, specimen, samples), samples);
    }

    /// <summary>The same of a kernel that is at hand, of whichever network.</summary>
    /// <param name="form">Which kernel it is.</param>
    /// <param name="kernel">[S, S], or [S p, S p] for <see cref="KernelForm.Full"/>.</param>
    /// <param name="samples">The S samples that it is of.</param>
    public static double AlignmentOf(KernelForm form, Dense kernel, Batch samples)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(samples);
        var labels = Labels(samples);
        var (p, side, size) = (samples.Labels.Bound, kernel.Shape[0], Norms.Frobenius(kernel));
        if (form == KernelForm.Full)
        {
            var all = Enumerable.Range(0, labels.Length).Select(i => (i * p) + labels[i]).ToArray();
            return Sum(kernel, side, all) / (size * labels.Length);
        }

        return Enumerable.Range(0, p)
            .Select(q => Enumerable.Range(0, side).Where(i => labels[i] == q).ToArray())
            .Where(column => column.Length > 0)
            .Average(column => Sum(kernel, side, column) / (size * column.Length));
    }

    /// <summary>‖K − K0‖/‖K0‖ over the samples: how far training has moved the kernel; 0 for a network that is merely its own linearisation.</summary>
    /// <remarks>The source takes the difference itself, of the first output's kernel; for that, see <see cref="OfOutput"/>.</remarks>
    /// <param name="form">Which kernel.</param>
    /// <param name="before">The weights at the start.</param>
    /// <param name="after">The weights now, of the same network.</param>
    /// <param name="samples">S samples.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="Of"/>.</exception>
    public static double Drift(KernelForm form, Specimen before, Specimen after, Batch samples)
    {
        return Movement.OfKernel(Of(form, before, samples), Of(form, after, samples));
    }

    /// <summary>c² (μ Σ_k h_k² h'_k² + 4 g Σ_k r_k h_k h'_k), [S, S].</summary>
    private static Dense Single(Specimen specimen, Batch samples, double times, double[] readOut)
    {
        var (hidden, shared, scale) = Parts(specimen, samples);
        var (s, n) = (samples.Size, specimen.Quadratic.Width);
        var kernel = Gram([.. hidden.Select(h => h * h)], s, n, times * scale);
        for (var i = 0; i < s; i++)
        {
            for (var j = 0; j < s; j++)
            {
                var sum = 0.0;
                var g = shared(i, j);
                for (var k = 0; g > 0 && k < n; k++)
                {
                    sum += readOut[k] * hidden[(i * n) + k] * hidden[(j * n) + k];
                }

                kernel[(i * s) + j] += 4 * scale * g * sum;
            }
        }

        return Dense.Own(Shape.Of(s, s), kernel);
    }

    private static Dense Full(Specimen specimen, Batch samples)
    {
        var (hidden, shared, scale) = Parts(specimen, samples);
        var (s, n, p) = (samples.Size, specimen.Quadratic.Width, specimen.Quadratic.Modulus);
        var w2 = specimen.Weights["w2"].Span;
        var kernel = new double[s * p * s * p];
        for (var i = 0; i < s; i++)
        {
            for (var j = 0; j < s; j++)
            {
                var g = shared(i, j);
                for (var k = 0; k < n; k++)
                {
                    var product = hidden[(i * n) + k] * hidden[(j * n) + k];
                    for (var q = 0; q < p; q++)
                    {
                        var row = kernel.AsSpan((((i * p) + q) * s * p) + (j * p), p);
                        row[q] += scale * product * product;
                        for (var r = 0; g > 0 && r < p; r++)
                        {
                            row[r] += 4 * scale * g * w2[(q * n) + k] * w2[(r * n) + k] * product;
                        }
                    }
                }
            }
        }

        return Dense.Own(Shape.Of(s * p, s * p), kernel);
    }

    /// <summary>h [S, N], how many operands two samples share, and c².</summary>
    private static (double[] Hidden, Func<int, int, int> Shared, double Scale) Parts(Specimen specimen, Batch samples)
    {
        var network = specimen.Quadratic;
        var operands = samples.Operands.Select(Values).ToArray();
        return (
            network.PreActivations(specimen.Weights, samples).Span.ToArray(),
            (i, j) => operands.Count(values => values[i] == values[j]),
            network.OutputScale * network.OutputScale);
    }

    /// <summary>The products of all pairs of rows of [S, N], times a factor; each sum in the order of the columns.</summary>
    private static double[] Gram(double[] rows, int s, int n, double factor)
    {
        var products = new double[s * s];
        var (tile, sums) = (new double[n * TileWidth], new double[TileWidth]);
        for (var start = 0; start < s; start += TileWidth)
        {
            var width = Math.Min(TileWidth, s - start);
            for (var place = 0; place < tile.Length; place++)
            {
                var column = place % TileWidth;
                tile[place] = column < width ? rows[((start + column) * n) + (place / TileWidth)] : 0;
            }

            for (var i = 0; i < s; i++)
            {
                Array.Clear(sums);
                for (var k = 0; k < n; k++)
                {
                    AddMultiple(factor * rows[(i * n) + k], tile.AsSpan(k * TileWidth, TileWidth), sums);
                }

                sums.AsSpan(0, width).CopyTo(products.AsSpan((i * s) + start));
            }
        }

        return products;
    }

    internal static void AddMultiple(double factor, ReadOnlySpan<double> values, Span<double> sums)
    {
        var from = MemoryMarshal.Cast<double, Vector<double>>(values);
        var to = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += factor * from[i];
        }
    }

    private static double Sum(Dense kernel, int side, int[] chosen)
    {
        var sum = 0.0;
        foreach (var i in chosen)
        {
            foreach (var j in chosen)
            {
                sum += kernel.Span[(i * side) + j];
            }
        }

        return sum;
    }

    private static ImmutableArray<int> Labels(Batch samples) => Values(samples.Labels);

    private static ImmutableArray<int> Values(Indices indices) => indices is Indices.Known known
        ? known.Values
        : throw new ArgumentException("The samples of a kernel are known numbers.", nameof(indices));

    internal static QuadraticNetwork Square(Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        return specimen.Quadratic is { IsQuadratic: true, Activation: Networks.Activation.Monomial, Normalisation: Normalisation.None } network
            ? network
            : throw new InvalidOperationException($"The closed form is that of the square without normalisation, not of {specimen.Network}.");
    }
}
