using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Analytic;

// p modulus, D inputs, N hidden width, n degree of the activation; s weight scale, c loss scale; η learning rate, λ decay, ε of Adam

/// <summary>
/// Where somebody else's code keeps the scales of the two-layer network. The same training run has other learning rates, decays and ε in each
/// convention; copied without conversion, a rate stalls or destroys the run. Conversions are exact, step by step.
/// </summary>
/// <remarks>
/// With w = s·w' and L' = c·L a gradient becomes g' = c s g. Hence, from there to here: gradient descent η = c s² η', λ = λ'/(c s²); Adam η = s η',
/// ε = ε'/(c s), λ = λ'/(c s²) coupled and λ = λ'/s decoupled. Momenta stay. Own derivation; s = (D N)^(1/3) for the square is the one between
/// arXiv 2301.02679, Eq. 4, and the code of arXiv 2310.13061.
/// </remarks>
public sealed record ScaleConvention
{
    private ScaleConvention(string id, string description, bool isFolded, bool isSummed) =>
        (Id, Description, IsFolded, IsSummed) = (id, description, isFolded, isSummed);

    /// <summary>The laboratory's own: f = W2 φ(W1 x/√D)/N, weights N(0, 1), the squared error averaged over samples and classes.</summary>
    public static ScaleConvention Here { get; } = new("here", "f = W2 (W1 x)²/(D N), squared error averaged over classes", false, false);

    /// <summary>f = W2 φ(W1 x) with small weights, the squared error averaged over samples and classes.</summary>
    public static ScaleConvention Folded { get; } = new("folded", "f = W2 (W1 x)², squared error averaged over classes", true, false);

    /// <summary><see cref="Here"/>, but the squared error summed over classes: p times the loss.</summary>
    public static ScaleConvention HereSum { get; } = new("here-sum", "f = W2 (W1 x)²/(D N), squared error summed over classes", false, true);

    /// <summary><see cref="Folded"/>, but the squared error summed over classes.</summary>
    public static ScaleConvention FoldedSum { get; } = new("folded-sum", "f = W2 (W1 x)², squared error summed over classes", true, true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ScaleConvention> All { get; } = [Here, Folded, HereSum, FoldedSum];

    /// <summary>The name: <c>here</c>, <c>folded</c>, <c>here-sum</c>, <c>folded-sum</c>.</summary>
    public string Id { get; }

    /// <summary>Forward pass and loss, in a line, for the square.</summary>
    public string Description { get; }

    /// <summary>Whether the forward pass has no prefactor.</summary>
    public bool IsFolded { get; }

    /// <summary>Whether the squared error is summed over classes.</summary>
    public bool IsSummed { get; }

    /// <summary>s: a weight here is s times the one there; (N D^(n/2))^(1/(n + 1)) where the forward pass has no prefactor, 45.95 at p = 97, N = 500.</summary>
    /// <exception cref="ArgumentException">The activation is not homogeneous, or the network normalises: then no scale of the weights replaces a prefactor.</exception>
    public double WeightScale(QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!IsFolded)
        {
            return 1;
        }

        return network.Normalisation == Normalisation.None && Activations.Homogeneity(network.Activation, network.Degree) is { } degree
            ? Math.Pow(network.Width * Math.Pow(network.InputSize, degree / 2.0), 1.0 / (degree + 1))
            : throw new ArgumentException("Only where φ(c h) = cⁿ φ(h), without normalisation, can a prefactor be moved into the weights.", nameof(network));
    }

    /// <summary>c: the loss there is c times the one here.</summary>
    public double LossScale(QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return IsSummed ? network.Modulus : 1;
    }

    /// <summary>The standard deviation of the weights at the start, as this convention has it; <see cref="WeightScale"/> times it is what it is here.</summary>
    public double InitialDeviation(QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return IsFolded ? 1 / Math.Cbrt(16.0 * network.Width) : 1;
    }

    /// <summary>The optimiser that makes the same steps here as the given one makes there.</summary>
    /// <param name="there">Learning rate, decay and ε of this convention.</param>
    /// <param name="network">The network, as it is here.</param>
    /// <exception cref="ArgumentException">The network cannot be converted (see <see cref="WeightScale"/>), or no conversion of the rule is known.</exception>
    public Optimiser ToHere(Optimiser there, QuadraticNetwork network) => Converted(there, WeightScale(network), LossScale(network));

    /// <summary>The inverse of <see cref="ToHere"/>.</summary>
    /// <param name="here">Learning rate, decay and ε of the laboratory.</param>
    /// <param name="network">The network, as it is here.</param>
    /// <exception cref="ArgumentException">As for <see cref="ToHere"/>.</exception>
    public Optimiser FromHere(Optimiser here, QuadraticNetwork network) => Converted(here, 1 / WeightScale(network), 1 / LossScale(network));

    private static Optimiser Converted(Optimiser given, double s, double c)
    {
        ArgumentNullException.ThrowIfNull(given);
        var (eta, lambda) = (given.LearningRate, given.WeightDecay);
        return given switch
        {
            GradientDescent or Momentum or Nesterov => given with { LearningRate = eta * c * s * s, WeightDecay = lambda / (c * s * s) },
            Adam adam => adam with { LearningRate = eta * s, WeightDecay = lambda / (c * s * s), Epsilon = adam.Epsilon / (c * s) },
            AdamW adam => adam with { LearningRate = eta * s, WeightDecay = lambda / s, Epsilon = adam.Epsilon / (c * s) },
            _ => throw new ArgumentException($"No conversion is known for {given.GetType().Name}.", nameof(given)),
        };
    }
}
