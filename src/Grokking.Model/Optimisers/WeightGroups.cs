using Grokking.Networks;

namespace Grokking.Optimisers;

/// <summary>Groups of weight tensors by the part that they play, one bit for each <see cref="ParameterRole"/>: what a rule acts on.</summary>
[Flags]
public enum WeightGroups
{
    /// <summary>No tensor.</summary>
    None = 0,

    /// <summary>The matrices of layers.</summary>
    Matrices = 1 << ParameterRole.Matrix,

    /// <summary>What layers add.</summary>
    Biases = 1 << ParameterRole.Bias,

    /// <summary>Scales and shifts of normalisations.</summary>
    Normalisations = 1 << ParameterRole.Normalisation,

    /// <summary>Tables of embeddings.</summary>
    Embeddings = 1 << ParameterRole.Embedding,

    /// <summary>Every tensor.</summary>
    All = Matrices | Biases | Normalisations | Embeddings,
}
