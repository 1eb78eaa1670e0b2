using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>Samples to train or test on: K operands and a label each, all below the modulus.</summary>
/// <param name="Modulus">p.</param>
/// <param name="Operands">For each operand, its value in every sample.</param>
/// <param name="Labels">The label of every sample.</param>
public sealed record Samples(int Modulus, ImmutableArray<ImmutableArray<int>> Operands, ImmutableArray<int> Labels)
{
    /// <summary>How many samples there are.</summary>
    public int Count => Labels.Length;

    /// <summary>The training side of a split, in ascending order of the data set's index.</summary>
    public static Samples TrainOf(DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return Of(split, split.Train);
    }

    /// <summary>The test side of a split, in ascending order of the data set's index.</summary>
    public static Samples TestOf(DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return Of(split, split.Test);
    }

    /// <summary>Some samples of a split, with the labels that it has for them.</summary>
    /// <param name="split">The split.</param>
    /// <param name="chosen">Their places in the data set.</param>
    public static Samples Of(DataSplit split, ImmutableArray<int> chosen)
    {
        ArgumentNullException.ThrowIfNull(split);
        return new(split.Data.Task.Modulus.Value, [.. split.Data.Operands.Select(operand => Pick(operand, chosen))], Pick(split.Labels, chosen));
    }

    /// <summary>All of them as one batch, with known indices.</summary>
    public Batch ToBatch() => new([.. Operands.Select(operand => Indices.Of(operand, Modulus))], Indices.Of(Labels, Modulus));

    /// <summary>Some of them, by place.</summary>
    internal Samples Choose(ImmutableArray<int> places) =>
        this with { Operands = [.. Operands.Select(operand => Pick(operand, places))], Labels = Pick(Labels, places) };

    private static ImmutableArray<int> Pick(ImmutableArray<int> values, ImmutableArray<int> chosen) => [.. chosen.Select(index => values[index])];
}
