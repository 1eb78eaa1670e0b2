using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

/// <summary>
/// Weights under study, together with the network that they belong to. What several measures need is computed once, when first asked for; that
/// aside it is an immutable value.
/// </summary>
public sealed class Specimen
{
    private readonly Lazy<ImmutableArray<double>> squares;
    private readonly Lazy<ImmutableArray<Spectrum>> operands;
    private readonly Lazy<Spectrum> readOut;
    private readonly Lazy<NeuronSpectra> neurons;

    /// <summary>Weights of a network.</summary>
    public Specimen(INetwork network, Parameters<Dense> weights)
    {
        (Network, Weights) = (network, weights);
        squares = new(() => [.. Weights.Values.Select(Norms.SumOfSquares)]);
        operands = new(OperandSpectra);
        readOut = new(ReadOutSpectrum);
        neurons = new(() => NeuronSpectra.Of(Quadratic, Weights));
    }

    /// <summary>The network.</summary>
    public INetwork Network { get; }

    /// <summary>Its weights.</summary>
    public Parameters<Dense> Weights { get; }

    /// <summary>Its statistics, such as running averages; none unless given.</summary>
    public Parameters<Dense> Statistics { get; init; } = new([], []);

    /// <summary>Σ w² of each tensor of weights.</summary>
    public ImmutableArray<double> SumsOfSquares => squares.Value;

    /// <summary>For each operand, the transform of its half of <c>w1</c> along the operand's value: U, then V, …; rows are neurons.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one.</exception>
    public ImmutableArray<Spectrum> Operands => operands.Value;

    /// <summary>The transform of <c>w2</c> along the result; rows are neurons.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one.</exception>
    public Spectrum ReadOut => readOut.Value;

    /// <summary>The phases of the neurons (see <see cref="Phases"/>).</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one with two operands.</exception>
    public ImmutableArray<NeuronPhase> NeuronPhases => Quadratic.Operands == 2
        ? neurons.Value.Phases
        : throw new InvalidOperationException($"Phases are compared for two operands, not {Quadratic.Operands}.");

    /// <summary>For each block, the operands' and then the read-out's, the moments of each neuron's powers.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one.</exception>
    internal ImmutableArray<PowerMoments[]> Moments => neurons.Value.Moments;

    /// <summary>Whether a network's neurons have phases.</summary>
    public static bool HasPhases(INetwork network) => network is QuadraticNetwork { Operands: 2 };

    /// <summary>The networks whose neurons have phases, in words.</summary>
    public const string WithPhases = "the quadratic network with two operands";

    /// <summary>The network as the quadratic one.</summary>
    /// <exception cref="InvalidOperationException">It is another.</exception>
    public QuadraticNetwork Quadratic => Network as QuadraticNetwork
        ?? throw new InvalidOperationException($"This measure is about the quadratic network, not {Network}.");

    private ImmutableArray<Spectrum> OperandSpectra()
    {
        var (p, n, d) = (Quadratic.Modulus, Quadratic.Width, Quadratic.InputSize);
        return [.. Enumerable.Range(0, Quadratic.Operands).Select(k => Spectrum.Of(Weights["w1"].Span[(k * p)..], n, p, d, 1))];
    }

    private Spectrum ReadOutSpectrum()
    {
        var (p, n) = (Quadratic.Modulus, Quadratic.Width);
        return Spectrum.Of(Weights["w2"].Span, n, p, 1, n);
    }
}
