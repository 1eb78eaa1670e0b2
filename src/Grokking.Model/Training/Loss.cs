using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>What training makes small: a scalar function of logits and labels.</summary>
public abstract record Loss
{
    private Loss()
    {
    }

    /// <summary>The loss of logits [B, V] against B labels, each below V, as a scalar. V is p, or more where a network can also answer with a sign.</summary>
    public abstract T Of<T>(T logits, Indices labels)
        where T : ITensor<T>;

    /// <summary>
    /// The squared difference from the one-hot label, averaged over samples <em>and</em> classes:
    /// Σ (f − y)²/(B p). A zero output has loss 1/p.
    /// </summary>
    public sealed record MeanSquaredError : Loss
    {
        /// <inheritdoc/>
        public override T Of<T>(T logits, Indices labels)
        {
            ArgumentNullException.ThrowIfNull(logits);
            var residual = logits - Tensor.OneHot<T>(labels.Into(logits.Shape[1]));
            return Tensor.Scale(Tensor.Total(residual * residual), 1.0 / logits.Shape.Count);
        }
    }

    /// <summary>−log softmax at the label, averaged over samples, in nats. Uniform logits have loss ln p.</summary>
    public sealed record CrossEntropy : Loss
    {
        /// <inheritdoc/>
        public override T Of<T>(T logits, Indices labels) => MeanSurprise(Functions.LogSoftmax(logits), labels);
    }

    /// <summary>
    /// −log of the <see cref="StableMax"/> probability of the label, averaged over samples, in nats (arXiv 2501.04697). Uniform logits have loss ln V.
    /// </summary>
    public sealed record StableMaxCrossEntropy : Loss
    {
        /// <inheritdoc/>
        public override T Of<T>(T logits, Indices labels) => MeanSurprise(StableMax.LogProbabilities(logits), labels);
    }

    /// <summary>−log probability of the label, averaged over samples.</summary>
    private static T MeanSurprise<T>(T logProbabilities, Indices labels)
        where T : ITensor<T> =>
        Tensor.Scale(Tensor.Total(logProbabilities * Tensor.OneHot<T>(labels.Into(logProbabilities.Shape[1]))), -1.0 / logProbabilities.Shape[0]);
}
