using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>How a network is trained.</summary>
/// <param name="Network">The network.</param>
/// <param name="Loss">What is made small.</param>
/// <param name="Optimiser">The rule of the steps.</param>
/// <param name="Schedule">How the learning rate changes.</param>
/// <param name="BatchSize">Samples per step, at least 1; null takes the whole training set at each step.</param>
public sealed record Recipe(INetwork Network, Loss Loss, Optimiser Optimiser, Schedule Schedule, int? BatchSize)
{
    /// <summary>Samples per step on these sets.</summary>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    internal int BatchSizeOn(Samples train, Samples test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.Count == 0 || test.Count == 0)
        {
            throw new ArgumentException($"Training and test set must not be empty; they have {train.Count} and {test.Count} samples.");
        }

        var size = BatchSize ?? train.Count;
        return size >= 1 && size <= train.Count
            ? size
            : throw new ArgumentException($"A batch of {size} samples cannot be taken from {train.Count}.");
    }

    /// <summary>What the randomness within the steps of a run comes from: step s draws from its child s.</summary>
    internal static RandomKey DrawsOf(RandomKey run) => run.Split(RandomPurpose.Dropout);

    /// <summary>The numbers of the step that leads from <paramref name="step"/> to the next, in a reading of the algebra.</summary>
    internal Coefficients<T> CoefficientsAt<T>(long step)
        where T : ITensor<T>
    {
        var names = Optimiser.CoefficientNames;
        var values = new double[names.Length];
        Optimiser.WriteCoefficients(step, Optimiser.LearningRate * Schedule.FactorAt(step), values);
        return new(names.Zip(values).ToDictionary(pair => pair.First, pair => Tensor.Number<T>(pair.Second)));
    }
}
