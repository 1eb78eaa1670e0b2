using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>A layer y = x Wᵀ + b: the names and shapes of its tensors, and its function.</summary>
/// <param name="Name">What the tensors' names begin with: <c>{name}_weight</c> [out, in] and <c>{name}_bias</c> [out].</param>
/// <param name="Inputs">Elements of x.</param>
/// <param name="Outputs">Elements of y.</param>
internal sealed record Linear(string Name, int Inputs, int Outputs)
{
    /// <summary>Whether there is a b.</summary>
    internal bool HasBias { get; init; } = true;

    /// <summary>W starts uniformly in ± this; 1/√in unless said otherwise, as the frameworks have it.</summary>
    internal double WeightBound { get; init; } = 1 / Math.Sqrt(Inputs);

    /// <summary>b starts uniformly in ± this; 1/√in unless said otherwise.</summary>
    internal double BiasBound { get; init; } = 1 / Math.Sqrt(Inputs);

    internal IEnumerable<ParameterSpecification> Parameters => HasBias ? [Weight, Bias] : [Weight];

    private ParameterSpecification Weight => ParameterSpecification.Uniform($"{Name}_weight", Shape.Of(Outputs, Inputs), WeightBound);

    private ParameterSpecification Bias => ParameterSpecification.Uniform($"{Name}_bias", Shape.Of(Outputs), BiasBound) with { Role = ParameterRole.Bias };

    /// <summary>y [..., out] of x [..., in].</summary>
    internal T Apply<T>(Parameters<T> weights, T x)
        where T : ITensor<T>
    {
        var product = Tensor.MatMul(x, Tensor.Transpose(weights[$"{Name}_weight"]));
        return HasBias ? product + weights[$"{Name}_bias"] : product;
    }
}
