using System.Collections.Immutable;

namespace Grokking.Training;

/// <summary>Samples to train or test on: K operands and a label each, all below the modulus.</summary>
/// <param name="Modulus">p.</param>
/// <param name="Operands">For each operand, its value in every sample.</param>
/// <param name="Labels">The label of every sample.</param>
public sealed record Samples(int Modulus, ImmutableArray<ImmutableArray<int>> Operands, ImmutableArray<int> Labels)
{
    /// <summary>How many samples there are.</summary>
    public int Count => Labels.Length;
}
