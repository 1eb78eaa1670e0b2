namespace Grokking.Networks;

/// <summary>What part a weight tensor plays. Decay may act on some roles only.</summary>
public enum ParameterRole
{
    /// <summary>A matrix of a layer.</summary>
    Matrix,

    /// <summary>What a layer adds.</summary>
    Bias,

    /// <summary>Scale or shift of a normalisation.</summary>
    Normalisation,

    /// <summary>A table of embeddings.</summary>
    Embedding,
}
