using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>A network as a pure function of its weights and a batch, written once for every reading of the algebra.</summary>
/// <remarks>
/// A record that says its <see cref="KindAttribute"/> can be asked for in experiments: its constructor takes <c>Modulus</c> and
/// <c>Operands</c>, which follow from the task, and what it marks with <see cref="SettingAttribute"/>.
/// </remarks>
public interface INetwork
{
    /// <summary>The weight tensors, in the order in which they are initialised, stored and reported.</summary>
    ImmutableArray<ParameterSpecification> Parameters { get; }

    /// <summary>N, the elements of the widest hidden value, for each sample; where a network does not say, the most rows of a weight.</summary>
    int Width => Parameters.Max(parameter => parameter.Shape.Lengths.DefaultIfEmpty(1).First());

    /// <summary>
    /// K, where the network takes one number of operands only; null where it takes any. It is asked of the network, whose constructor must take
    /// any number: an experiment is read before its task is.
    /// </summary>
    int? RequiredOperands => null;

    /// <summary>Settings that do not go together; none where all is well. It is asked before anything else is.</summary>
    IEnumerable<Contradiction> Contradictions() => [];

    /// <summary>
    /// Multiply-adds of the matrix products in the logits of one sample, for estimates of time; where a network does not say, the number of its
    /// weights, as if each had its part in one product.
    /// </summary>
    double MultiplyAdds => Parameters.Sum(parameter => (double)parameter.Shape.Count);

    /// <summary>
    /// Tensors that training follows beside the weights and that no gradient moves, such as running averages: <see cref="Logits"/> finds them
    /// among the weights, under their names.
    /// </summary>
    ImmutableArray<ParameterSpecification> Statistics => [];

    /// <summary>What the statistics become in a step on a batch, in their order.</summary>
    /// <param name="weights">Weights and statistics before the step.</param>
    /// <param name="batch">B samples.</param>
    ImmutableArray<T> NextStatistics<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => [];

    /// <summary>The logits [B, V] of a batch of B samples: V is p, or more where the network can also answer with a sign.</summary>
    T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>;

    /// <summary>Whether <see cref="TrainingLogits"/> are others than <see cref="Logits"/>.</summary>
    bool DiffersInTraining => false;

    /// <summary>The logits [B, V] whose loss a training step makes smaller: those of <see cref="Logits"/>, unless training differs.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="batch">B samples.</param>
    /// <param name="draws">The randomness of the step.</param>
    T TrainingLogits<T>(Parameters<T> weights, Batch batch, Draws draws)
        where T : ITensor<T> => Logits(weights, batch);
}

/// <summary>One weight tensor: its name in files, its shape, and the distribution of its independent entries at the start.</summary>
/// <param name="Name">The name in checkpoints and metric columns, such as <c>w1</c>.</param>
/// <param name="Shape">The shape.</param>
/// <param name="InitialDeviation">Standard deviation σ of the entries at the start, which are normal unless <see cref="IsUniform"/>; 0 makes them all the mean.</param>
public sealed record ParameterSpecification(string Name, Shape Shape, double InitialDeviation)
{
    /// <summary>The mean of the entries at the start; 0 unless said otherwise.</summary>
    public double InitialMean { get; init; }

    /// <summary>Whether the entries at the start are uniform in mean ± √3 σ, and not normal.</summary>
    public bool IsUniform { get; init; }

    /// <summary>What part it plays; a layer's matrix unless said otherwise.</summary>
    public ParameterRole Role { get; init; }

    /// <summary>A tensor whose entries start uniformly in ±bound.</summary>
    public static ParameterSpecification Uniform(string name, Shape shape, double bound) => new(name, shape, bound / Math.Sqrt(3)) { IsUniform = true };

    /// <summary>A tensor whose entries all start with one value.</summary>
    public static ParameterSpecification Constant(string name, Shape shape, double value) => new(name, shape, 0) { InitialMean = value };
}

/// <summary>Samples to be classified: the operands and the expected results, as indices.</summary>
/// <param name="Operands">One entry per operand x1 … xk, each with B indices below p.</param>
/// <param name="Labels">The B expected results, below p.</param>
public sealed record Batch(ImmutableArray<Indices> Operands, Indices Labels)
{
    /// <summary>The number of samples B.</summary>
    public int Size => Labels.Count;

    /// <summary>
    /// Whether the network is to look operands up for each sample by itself, before anything but an affine map: what stands in their place can then be moved. Otherwise it may work out once what several samples have in
    /// common, which gives the same answers.
    /// </summary>
    public bool LooksUpFirst { get; init; }

    /// <summary>A batch whose values are filled in by name: <c>{prefix}x1</c> …, <c>{prefix}label</c>.</summary>
    public static Batch Named(string prefix, int size, int operands, int modulus) => new(
        [.. Enumerable.Range(1, operands).Select(k => Indices.Input($"{prefix}x{k}", size, modulus))],
        Indices.Input($"{prefix}label", size, modulus));
}
