using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

// θ weights, θ0 weights at the start, a scale, V classes

/// <summary>
/// A network whose output is a (f(θ) − f(θ0)): 0 at the start whatever the scale, and with a rate divided by a² as fast in its first steps. A large scale makes
/// training lazy (the weights hardly move, the network stays its own linearisation), a small one rich (arXiv 2310.06110).
/// </summary>
/// <remarks>Its tensors are those of the inner network. f(θ0) is computed along with f(θ), so that a step costs about a third more: it has no gradient.</remarks>
/// <param name="Inner">f.</param>
/// <param name="Scale">a, above 0; not the share of data that is trained on.</param>
/// <param name="Start">θ0, with the statistics at the start.</param>
public sealed record OutputScaled(INetwork Inner, double Scale, Parameters<Dense> Start) : INetwork
{
    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Parameters => Inner.Parameters;

    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Statistics => Inner.Statistics;

    /// <inheritdoc/>
    public int Width => Inner.Width;

    /// <inheritdoc/>
    public int? RequiredOperands => Inner.RequiredOperands;

    /// <inheritdoc/>
    public double MultiplyAdds => 2 * Inner.MultiplyAdds;

    /// <inheritdoc/>
    public bool DiffersInTraining => Inner.DiffersInTraining;

    /// <inheritdoc/>
    public ImmutableArray<T> NextStatistics<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => Inner.NextStatistics(weights, batch);

    /// <summary>a (f(θ) − f(θ0)), [B, V].</summary>
    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => Scaled(Inner.Logits(weights, batch), batch);

    /// <summary>The same in training; f(θ0) is that of evaluation.</summary>
    public T TrainingLogits<T>(Parameters<T> weights, Batch batch, Draws draws)
        where T : ITensor<T> => Scaled(Inner.TrainingLogits(weights, batch, draws), batch);

    private T Scaled<T>(T logits, Batch batch)
        where T : ITensor<T> => Tensor.Scale(logits - Inner.Logits(Start.Map(Tensor.Literal<T>), batch), Scale);
}
