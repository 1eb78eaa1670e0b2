using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Analytic;

// L period, k frequency, i index of an operand or result

/// <summary>
/// One hidden neuron of an analytic solution: U[i] = A cos(2π(k i/L + φ1)), V[i] = A cos(2π(k i/L + φ2)),
/// W2[i] = B cos(2π(k i/L + φ3)) with φ3 = φ1 + φ2 (arXiv 2301.02679, Eqs. 6, 7, 12). Phases in turns.
/// </summary>
/// <remarks>The source writes cos(−2πk q/p − φ3) for W2: the same number. The angle is reduced in whole numbers first, so it loses no digits.</remarks>
/// <param name="Period">L, at least 1.</param>
/// <param name="Frequency">k, in 0 … L − 1.</param>
/// <param name="First">φ1.</param>
/// <param name="Second">φ2.</param>
/// <param name="Amplitude">A.</param>
/// <param name="ReadOut">B.</param>
internal readonly record struct Wave(int Period, int Frequency, double First, double Second, double Amplitude, double ReadOut)
{
    /// <summary>The weights of these neurons; an index below 0 leaves its weights at 0.</summary>
    /// <param name="p">The modulus: every operand and result is one of 0 … p − 1.</param>
    /// <param name="waves">One per neuron.</param>
    /// <param name="first">The index i of each value of the first operand.</param>
    /// <param name="second">The index i of each value of the second operand.</param>
    /// <param name="result">The index i of each result.</param>
    public static Parameters<Dense> Weights(
        int p,
        ImmutableArray<Wave> waves,
        Func<int, int> first,
        Func<int, int> second,
        Func<int, int> result)
    {
        var w1 = Dense.Build(Shape.Of(waves.Length, 2 * p), at =>
        {
            var wave = waves[at[0]];
            return at[1] < p ? wave.At(first(at[1]), wave.First, wave.Amplitude) : wave.At(second(at[1] - p), wave.Second, wave.Amplitude);
        });
        var w2 = Dense.Build(Shape.Of(p, waves.Length), at =>
        {
            var wave = waves[at[1]];
            return wave.At(result(at[0]), wave.First + wave.Second, wave.ReadOut);
        });
        return new(["w1", "w2"], [w1, w2]);
    }

    private double At(int index, double phase, double amplitude) =>
        index < 0 ? 0 : amplitude * double.CosPi(2 * (((double)((long)Frequency * index % Period) / Period) + phase));
}
