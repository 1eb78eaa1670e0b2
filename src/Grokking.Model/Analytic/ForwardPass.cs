using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Analytic;

// p modulus, N hidden width, B samples, k hidden neuron, q place of the output

/// <summary>
/// The quadratic network's logits computed in float32 or float64: what <see cref="QuadraticNetwork.Logits"/> defines, fast enough to try
/// every pair of operands of every modulus.
/// </summary>
/// <remarks>
/// Four samples at a time: their activations, interleaved, times strips of W2ᵀ two vectors wide, so that every number loaded is
/// used several times. Each output is one sum in the order of the neurons, in <typeparamref name="T"/> throughout.
/// </remarks>
/// <typeparam name="T">The precision: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal static class ForwardPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 4;

    private static int Strip => 2 * Vector<T>.Count;

    /// <summary>The logits [B, p], each converted to float64 without change.</summary>
    public static Dense Logits(QuadraticNetwork network, Parameters<Dense> weights, Batch samples)
    {
        var (p, n) = (network.Modulus, network.Width);
        var columns = Round(Tensor.Transpose(weights["w1"]));
        var readOut = Strips(weights["w2"], p, n);
        var scale = T.CreateChecked(network.OutputScale);
        var hidden = new T[n * Rows];
        var outputs = new T[Rows * readOut.Length / n];
        var logits = new double[samples.Size * p];
        for (var start = 0; start < samples.Size; start += Rows)
        {
            var rows = Math.Min(Rows, samples.Size - start);
            PreActivations(network, columns, samples, start, rows, hidden);
            Activate(network, hidden);
            for (var strip = 0; strip * Strip < p; strip++)
            {
                Multiply(hidden, readOut.AsSpan(strip * Strip * n, Strip * n), outputs.AsSpan(strip * Strip * Rows, Strip * Rows));
            }

            for (var place = 0; place < rows * p; place++)
            {
                var (row, q) = (place / p, place % p);
                logits[(start * p) + place] = double.CreateChecked(scale * outputs[(((q / Strip * Rows) + row) * Strip) + (q % Strip)]);
            }
        }

        return Dense.Of(Shape.Of(samples.Size, p), logits);
    }

    /// <summary>h of up to four samples, [N, 4]: neighbours in memory are samples.</summary>
    private static void PreActivations(QuadraticNetwork network, T[] columns, Batch samples, int start, int rows, T[] hidden)
    {
        var n = network.Width;
        for (var row = 0; row < rows; row++)
        {
            var u = columns.AsSpan(Pairs.Known(samples.Operands[0])[start + row] * n, n);
            var v = columns.AsSpan((network.Modulus + Pairs.Known(samples.Operands[1])[start + row]) * n, n);
            for (var k = 0; k < n; k++)
            {
                hidden[(k * Rows) + row] = u[k] + v[k];
            }
        }
    }

    /// <summary>φ of each: the square in place, and any other in float64 as it is defined, rounded.</summary>
    private static void Activate(QuadraticNetwork network, T[] hidden)
    {
        if (network.IsQuadratic)
        {
            for (var i = 0; i < hidden.Length; i++)
            {
                hidden[i] *= hidden[i];
            }

            return;
        }

        var activations = network.Activations(Dense.Of(Shape.Of(hidden.Length), [.. hidden.Select(double.CreateChecked)])).Span;
        for (var i = 0; i < hidden.Length; i++)
        {
            hidden[i] = T.CreateChecked(activations[i]);
        }
    }

    /// <summary>One strip of the product: φ(h) [N, 4] and W2ᵀ [N, strip] give [4, strip].</summary>
    private static void Multiply(ReadOnlySpan<T> hidden, ReadOnlySpan<T> readOut, Span<T> outputs)
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(readOut);
        Vector<T> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var k = 0; 2 * k < vectors.Length; k++)
        {
            var (left, right) = (vectors[2 * k], vectors[(2 * k) + 1]);
            var h = hidden.Slice(k * Rows, Rows);
            var (a, b, c, d) = (new Vector<T>(h[0]), new Vector<T>(h[1]), new Vector<T>(h[2]), new Vector<T>(h[3]));
            (a0, a1) = (Add(a, left, a0), Add(a, right, a1));
            (b0, b1) = (Add(b, left, b0), Add(b, right, b1));
            (c0, c1) = (Add(c, left, c0), Add(c, right, c1));
            (d0, d1) = (Add(d, left, d0), Add(d, right, d1));
        }

        var result = MemoryMarshal.Cast<T, Vector<T>>(outputs);
        (result[0], result[1], result[2], result[3]) = (a0, a1, b0, b1);
        (result[4], result[5], result[6], result[7]) = (c0, c1, d0, d1);
    }

    /// <summary>a·b + c; fused where the machine can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Add(Vector<T> a, Vector<T> b, Vector<T> c) => typeof(T) == typeof(double)
        ? Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>()
        : Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>();

    /// <summary>W2ᵀ cut into strips of places, each [N, strip], the last one filled up with zeros.</summary>
    private static T[] Strips(Dense w2, int p, int n)
    {
        var strips = new T[(p + Strip - 1) / Strip * Strip * n];
        for (var place = 0; place < w2.Span.Length; place++)
        {
            var (q, k) = (place / n, place % n);
            strips[(((q / Strip * n) + k) * Strip) + (q % Strip)] = T.CreateChecked(w2.Span[place]);
        }

        return strips;
    }

    private static T[] Round(Dense values)
    {
        var rounded = new T[values.Shape.Count];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = T.CreateChecked(values.Span[i]);
        }

        return rounded;
    }
}
