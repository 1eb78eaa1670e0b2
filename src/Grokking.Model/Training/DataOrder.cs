using System.Collections.Immutable;
using Grokking.Randomness;

namespace Grokking.Training;

/// <summary>
/// Which samples each step of a minibatch run sees: epoch after epoch in a fresh order, cut into batches. Every sample is used once per epoch and none is dropped.
/// Where the batch size does not divide the samples, a batch straddles two epochs, or the last one of an epoch is short. A pure function of key and step.
/// </summary>
/// <param name="key">The run's key.</param>
/// <param name="count">Samples, n.</param>
/// <param name="batchSize">Samples of a batch, B.</param>
/// <param name="endsEpochs">Whether the last batch of an epoch is what is left of it, n mod B samples; otherwise batches straddle epochs and all have B.</param>
internal sealed class DataOrder(RandomKey key, int count, int batchSize, bool endsEpochs)
{
    private readonly RandomKey shuffle = key.Split(RandomPurpose.Shuffle);
    private long cachedEpoch = -1;
    private ImmutableArray<int> order = [];

    /// <summary>Steps of an epoch that ends with a short batch.</summary>
    private int StepsPerEpoch => (count + batchSize - 1) / batchSize;

    /// <summary>Samples of the batch of a step.</summary>
    internal int SizeAt(long step) => endsEpochs && step % StepsPerEpoch == StepsPerEpoch - 1 ? count - ((StepsPerEpoch - 1) * batchSize) : batchSize;

    /// <summary>Writes the sample numbers of the batch of a step, of which there are <see cref="SizeAt"/>.</summary>
    internal void Write(long step, Span<int> samples)
    {
        var first = endsEpochs ? checked((step / StepsPerEpoch * count) + (step % StepsPerEpoch * batchSize)) : checked(step * batchSize);
        for (var place = 0; place < samples.Length; place++)
        {
            var (epoch, position) = Math.DivRem(checked(first + place), count);
            if (epoch != cachedEpoch)
            {
                order = shuffle.Split((ulong)epoch).Permutation(count);
                cachedEpoch = epoch;
            }

            samples[place] = order[(int)position];
        }
    }
}
