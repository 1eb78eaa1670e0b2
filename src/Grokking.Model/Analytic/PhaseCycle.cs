using System.Collections.Immutable;

namespace Grokking.Analytic;

/// <summary>
/// M neurons of one frequency whose phases go round a cycle: neuron j has φ1 = a j/M, φ2 = b j/M, φ3 = φ1 + φ2, in turns.
/// </summary>
/// <remarks>
/// Squaring two cosines and multiplying by a third leaves one wanted term, whose phase φ1 + φ2 − φ3 vanishes, and eight unwanted
/// ones, whose phases are whole combinations of φ1 and φ2. A combination c1 φ1 + c2 φ2 sums to zero over the cycle unless M divides
/// c1 a + c2 b. Own derivation; arXiv 2301.02679 draws the phases at random instead and lets the unwanted terms average out.
/// </remarks>
/// <param name="Neurons">M, at least 1.</param>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
internal readonly record struct PhaseCycle(int Neurons, int First, int Second)
{
    /// <summary>The shortest balanced cycle: six neurons. No cycle of five or fewer is balanced.</summary>
    public static PhaseCycle Six => new(6, 1, 4);

    /// <summary>The unwanted terms' phases, as multiples of φ1 and φ2.</summary>
    private static ImmutableArray<(int First, int Second)> Unwanted => [(1, 1), (3, 1), (1, 3), (1, -1), (-1, 1), (2, 2), (2, 0), (0, -2)];

    /// <summary>Whether every unwanted term cancels over the cycle.</summary>
    public bool IsBalanced
    {
        get
        {
            var (m, a, b) = this;
            return Unwanted.All(term => ((term.First * a) + (term.Second * b)) % m != 0);
        }
    }

    /// <summary>The neurons of this cycle at one frequency.</summary>
    public IEnumerable<Wave> Waves(int period, int frequency, double amplitude, double readOut)
    {
        var (m, a, b) = this;
        return Enumerable.Range(0, m).Select(j => new Wave(period, frequency, (double)(a * j % m) / m, (double)(b * j % m) / m, amplitude, readOut));
    }
}
