using System.Collections.Immutable;
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
    /// <summary>What changes the gradient before the optimiser sees it, one after the other; nothing unless said otherwise.</summary>
    public ImmutableArray<GradientFilter> Filters { get; init; } = [];

    /// <summary>What all weights are multiplied by at the start, above 0 (arXiv 2210.01117); 1 unless said otherwise.</summary>
    public double InitialScale { get; init; } = 1;

    /// <summary>
    /// The Euclidean norm, above 0, to which all weights together are rescaled after each step (arXiv 2210.01117); null leaves them where the step does.
    /// </summary>
    public double? WeightNorm { get; init; }

    /// <summary>What is remembered for each weight tensor from step to step: the optimiser's, then each filter's.</summary>
    public ImmutableArray<Slot> Slots =>
    [
        .. Optimiser.SlotNames.Select(name => new Slot(name)),
        .. Filters.SelectMany((filter, place) => filter.Slots.Select(slot => slot with { Name = $"{OfFilter(place)}{slot.Name}" })),
    ];

    /// <summary>What the names of a filter's slots and coefficients begin with: its place in a configuration.</summary>
    internal static string OfFilter(int place) => $"gradient.{place}.";

    /// <summary>
    /// Whether the last batch of an epoch is what is left of it, as most programs have it; otherwise a batch may straddle two epochs, and all have one size. Both use every
    /// sample once per epoch. Without a batch size it means nothing.
    /// </summary>
    public bool EndsEpochs { get; init; }

    /// <summary>The order in which a run of this key sees its samples; null where each step sees all.</summary>
    internal DataOrder? OrderOf(RandomKey run, int samples) => BatchSize is { } size ? new(run, samples, size, EndsEpochs) : null;

    /// <summary>The training samples, by place, that a step of a run sees, in their order in the batch.</summary>
    /// <param name="run">The run's key.</param>
    /// <param name="step">Steps taken before it, at least 0.</param>
    /// <param name="samples">Training samples, at least as many as the batch.</param>
    public ImmutableArray<int> BatchAt(RandomKey run, long step, int samples)
    {
        if (OrderOf(run, samples) is not { } order)
        {
            return [.. Enumerable.Range(0, samples)];
        }

        var chosen = new int[order.SizeAt(step)];
        order.Write(step, chosen);
        return [.. chosen];
    }

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
        var numbers = new StepNumbers(this);
        var values = new double[numbers.Names.Length];
        numbers.Write(step, values);
        return new(numbers.Names.Zip(values).ToDictionary(pair => pair.First, pair => Tensor.Number<T>(pair.Second)));
    }
}
