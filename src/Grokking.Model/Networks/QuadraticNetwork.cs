using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// p modulus, K operands, D = K p inputs, N hidden width, B batch

/// <summary>
/// The two-layer network f = W2 φ(W1 x/√D) / N, where x stacks the one-hot operands; with the quadratic activation, which it has unless another
/// is chosen, f = W2 (W1 x)² / (D N) (arXiv 2301.02679, Eq. 4). No biases.
/// </summary>
/// <remarks>
/// <c>w1</c> [N, K p] holds one block of p columns per operand (the left half belongs to the first), <c>w2</c> [p, N]. Every entry
/// starts as N(0, 1), whatever the activation: all scales live in the forward pass. A one-hot input times W1 is a choice of columns, so the
/// first layer is a gather and costs no product. Where φ is homogeneous of degree n, 1/√D is taken out of it as D^(−n/2).
/// With batch normalisation f = W2 φ((W1 x − m)/√(v + ε)) / N: D has no part in it. See <see cref="BatchMoments{T}"/>.
/// </remarks>
/// <param name="Modulus">p, at least 2.</param>
/// <param name="Operands">K, at least 1.</param>
/// <param name="Width">N, at least 1.</param>
[Kind("quadratic", "f = W2 φ(W1 x/√D) / N, arXiv 2301.02679, Eq. 4; with φ(h) = h² it is W2 (W1 x)² / (D N)")]
public sealed record QuadraticNetwork(
    int Modulus,
    int Operands,
    [property: Setting("N, hidden neurons", From = 1, To = QuadraticNetwork.Widest)] int Width) : INetwork
{
    /// <summary>The largest width that an experiment may ask for; a slip of the keyboard is refused and does not fill a machine.</summary>
    private const int Widest = 1 << 20;

    private const string RunningMean = "running_mean";

    private const string RunningVariance = "running_variance";

    /// <summary>φ; a monomial unless said otherwise.</summary>
    [Setting("φ, the activation", Default = (int)Activation.Monomial, IsLater = true)]
    public Activation Activation { get; init; }

    /// <summary>n of a monomial φ(h) = hⁿ, at least 1; 2 unless said otherwise.</summary>
    [Setting("n of the monomial φ(h) = hⁿ", From = 1, To = 16, Default = 2, IsLater = true)]
    public int Degree { get; init; } = 2;

    /// <summary>q, the probability with which training drops a hidden neuron's activation, in [0, 1); 0 unless said otherwise.</summary>
    [Setting("q, the probability with which training drops a hidden neuron's activation", From = 0, Below = 1, Default = 0, IsLater = true)]
    public double Dropout { get; init; }

    /// <summary>How W1 x is normalised before the activation; not at all unless said otherwise.</summary>
    [Setting("how W1 x is normalised", Default = (int)Normalisation.None, IsLater = true)]
    public Normalisation Normalisation { get; init; }

    /// <summary>The share of the batch at hand in the running averages of batch normalisation, in (0, 1]; 0.1 unless said otherwise.</summary>
    [Setting("share of a batch in the running averages of batch normalisation", Above = 0, To = 1, Default = 0.1, IsLater = true)]
    public double AveragingRate { get; init; } = 0.1;

    /// <inheritdoc/>
    public IEnumerable<Contradiction> Contradictions()
    {
        if (!IsNormalised && AveragingRate != 0.1)
        {
            yield return Contradiction.Of(
                nameof(AveragingRate), $"is {AveragingRate} without batch normalisation", "only with \"normalisation\": \"batch\" are there running averages");
        }

        if (Contradiction.OfDegree(Activation, Degree) is { } degree)
        {
            yield return degree;
        }
    }

    /// <summary>D = K p, the length of the stacked one-hot input.</summary>
    public int InputSize => Operands * Modulus;

    /// <summary>N p: the first layer is a choice of columns.</summary>
    public double MultiplyAdds => (double)Width * Modulus;

    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        new("w1", Shape.Of(Width, InputSize), 1),
        new("w2", Shape.Of(Modulus, Width), 1),
    ];

    /// <summary>The logits, [B, p].</summary>
    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var hidden = PreActivations(weights, batch);
        return ReadOut(weights, Activations(IsNormalised ? new BatchMoments<T>(weights[RunningMean], weights[RunningVariance]).Normalise(hidden) : hidden));
    }

    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Statistics => !IsNormalised ? [] :
    [
        new(RunningMean, Shape.Of(1, Width), 0),
        new(RunningVariance, Shape.Of(1, Width), 0) { InitialMean = 1 },
    ];

    /// <inheritdoc/>
    public ImmutableArray<T> NextStatistics<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        if (!IsNormalised)
        {
            return [];
        }

        var moments = BatchMoments<T>.Of(PreActivations(weights, batch));
        T Followed(T average, T now) => average + Tensor.Scale(now - average, AveragingRate);
        return [Followed(weights[RunningMean], moments.Mean), Followed(weights[RunningVariance], moments.Variance)];
    }

    /// <inheritdoc/>
    public bool DiffersInTraining => Dropout > 0 || IsNormalised;

    /// <summary>The logits, [B, p], normalised by the batch's own moments and with dropout, where there is such.</summary>
    public T TrainingLogits<T>(Parameters<T> weights, Batch batch, Draws draws)
        where T : ITensor<T>
    {
        var hidden = PreActivations(weights, batch);
        var active = Activations(IsNormalised ? BatchMoments<T>.Of(hidden).Normalise(hidden) : hidden);
        return ReadOut(weights, Functions.Dropout(active, Dropout, draws, layer: 0));
    }

    /// <summary>h = W1 x, [B, N]: before the activation, and before 1/√D.</summary>
    public T PreActivations<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        var columns = Tensor.Transpose(weights["w1"]);
        return batch.Operands
            .Select((operand, place) => Tensor.Gather(Tensor.Slice(columns, 0, place * Modulus, Modulus), operand))
            .Aggregate((sum, next) => sum + next);
    }

    private T ReadOut<T>(Parameters<T> weights, T active)
        where T : ITensor<T> => Tensor.Scale(Tensor.MatMul(active, Tensor.Transpose(weights["w2"])), OutputScale);

    private bool IsNormalised => Normalisation == Normalisation.Batch;

    /// <summary>Whether φ is the square.</summary>
    internal bool IsQuadratic => Homogeneity == 2;

    private int? Homogeneity => Networks.Activations.Homogeneity(Activation, Degree);

    /// <summary>φ(h/√D), or φ(h) where the root is part of <see cref="OutputScale"/>.</summary>
    internal T Activations<T>(T preActivations)
        where T : ITensor<T> => Networks.Activations.Apply(Activation, Degree, Homogeneity is null && !IsNormalised ? Tensor.Scale(preActivations, 1 / Math.Sqrt(InputSize)) : preActivations);

    /// <summary>1/N, times D^(−n/2) where φ is homogeneous; exact before the division for even n.</summary>
    internal double OutputScale
    {
        get
        {
            var degree = IsNormalised ? 0 : Homogeneity ?? 0;
            var root = degree % 2 == 0 ? 1 : Math.Sqrt(InputSize);
            for (var i = 0; i < degree / 2; i++)
            {
                root *= InputSize;
            }

            return 1 / (root * Width);
        }
    }
}
