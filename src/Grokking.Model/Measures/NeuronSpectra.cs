using System.Collections.Immutable;
using System.Numerics;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

// k frequency, P_k = |w̃_k|² power

/// <summary>
/// What participation ratios and phases need of the spectra of the quadratic network's neurons, taken in one pass that keeps no spectrum: at
/// each evaluation this is most of what measuring costs. <see cref="Specimen.Operands"/> and <see cref="Specimen.ReadOut"/> are the spectra.
/// </summary>
/// <param name="Moments">For each block (the operands', then the read-out's) those of each neuron.</param>
/// <param name="Phases">The neurons' phases; none where the network has not two operands.</param>
internal sealed record NeuronSpectra(ImmutableArray<PowerMoments[]> Moments, ImmutableArray<NeuronPhase> Phases)
{
    // Less power than this at all frequencies that have a phase is rounding.
    private const double LeastShare = 1e-12;

    /// <summary>Those of a network's weights.</summary>
    public static NeuronSpectra Of(QuadraticNetwork network, Parameters<Dense> weights)
    {
        var transform = new RowTransform(network.Modulus);
        TransformedRows[] blocks = [.. Enumerable.Range(0, network.Operands + 1).Select(_ => transform.NewBundle())];
        PowerMoments[][] moments = [.. blocks.Select(_ => new PowerMoments[network.Width])];
        var phases = ImmutableArray.CreateBuilder<NeuronPhase>(network.Operands == 2 ? network.Width : 0);
        for (var first = 0; first < network.Width; first += RowTransform.Lanes)
        {
            for (var block = 0; block < blocks.Length; block++)
            {
                if (block < network.Operands)
                {
                    transform.Transform(weights["w1"].Span[(block * network.Modulus)..], first, network.Width, network.InputSize, 1, blocks[block]);
                }
                else
                {
                    transform.Transform(weights["w2"].Span, first, network.Width, 1, network.Width, blocks[block]);
                }

                PowerMoments.Write(transform, blocks[block], moments[block], first);
            }

            if (network.Operands == 2)
            {
                AddPhases(phases, transform, blocks, first, Math.Min(first + RowTransform.Lanes, network.Width));
            }
        }

        return new([.. moments], phases.ToImmutable());
    }

    private static void AddPhases(ImmutableArray<NeuronPhase>.Builder phases, RowTransform transform, TransformedRows[] blocks, int first, int end)
    {
        for (var vector = 0; vector < blocks[0].Vectors; vector++)
        {
            var (best, most, total) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var k = 0; k < transform.Frequencies; k++)
            {
                var power = blocks[0].Power(k, vector) + blocks[1].Power(k, vector) + blocks[2].Power(k, vector);
                total += power;
                if (transform.Multiplicity(k) == 2)
                {
                    var more = Vector.GreaterThan(power, most);
                    (best, most) = (Vector.ConditionalSelect(more, new Vector<double>(k), best), Vector.ConditionalSelect(more, power, most));
                }
            }

            for (var lane = 0; lane < Vector<double>.Count; lane++)
            {
                var place = (vector * Vector<double>.Count) + lane;
                var share = most[lane] / total[lane];
                if (first + place < end && share >= LeastShare)
                {
                    phases.Add(Phase(blocks, first + place, place, (int)best[lane], share));
                }
            }
        }
    }

    private static NeuronPhase Phase(TransformedRows[] blocks, int neuron, int lane, int frequency, double share)
    {
        double Angle(TransformedRows block)
        {
            var (real, imaginary) = block.At(frequency, lane);
            return Math.Atan2(imaginary, real);
        }

        var (phi1, phi2, phi3) = (Angle(blocks[0]), Angle(blocks[1]), Angle(blocks[2]));
        return new(neuron, frequency, phi1, phi2, phi3, Measures.Phases.Wrap(phi1 + phi2 - phi3), share);
    }
}
