using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Readings;

/// <summary>A scalar function of named tensors, written once for every reading.</summary>
public abstract record Objective
{
    public abstract T Of<T>(Parameters<T> at)
        where T : ITensor<T>;

    /// <summary>⟨cotangent, f(x)⟩ for a primitive f; its inputs are named by their places.</summary>
    public sealed record Weighed(Primitive Primitive, Dense Cotangent) : Objective
    {
        public override T Of<T>(Parameters<T> at) => Tensor.Total(T.Apply(Primitive, at.Values) * Tensor.Literal<T>(Cotangent));
    }

    /// <summary>The loss of a network on a batch.</summary>
    public sealed record LossOf(INetwork Network, Loss Loss, Batch Batch) : Objective
    {
        public LossOf(AnyLearner any)
            : this(any.Network, any.Loss, any.Known)
        {
        }

        public override T Of<T>(Parameters<T> at) => Loss.Of(Network.Logits(at, Batch), Batch.Labels);
    }
}
