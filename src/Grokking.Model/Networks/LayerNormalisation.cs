using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>Layer normalisation with a scale that starts at 1 and a shift that starts at 0 (arXiv 1607.06450): names, shapes and function.</summary>
/// <param name="Name">What the tensors' names begin with: <c>{name}_scale</c> and <c>{name}_shift</c>, both [d].</param>
/// <param name="Width">d.</param>
internal sealed record LayerNormalisation(string Name, int Width)
{
    /// <summary>ε, which keeps a constant row finite; the frameworks' own.</summary>
    private const double Epsilon = 1e-5;

    internal IEnumerable<ParameterSpecification> Parameters =>
    [
        ParameterSpecification.Constant($"{Name}_scale", Shape.Of(Width), 1) with { Role = ParameterRole.Normalisation },
        ParameterSpecification.Constant($"{Name}_shift", Shape.Of(Width), 0) with { Role = ParameterRole.Normalisation },
    ];

    /// <summary>x [..., d], normalised over its last axis.</summary>
    internal T Apply<T>(Parameters<T> weights, T x)
        where T : ITensor<T> => Functions.LayerNorm(x, weights[$"{Name}_scale"], weights[$"{Name}_shift"], Epsilon);
}
