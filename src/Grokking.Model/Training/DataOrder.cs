using System.Collections.Immutable;
using Grokking.Randomness;

namespace Grokking.Training;

/// <summary>
/// Which samples each step of a minibatch run sees: epoch after epoch in a fresh order, cut into batches of equal size. A batch may
/// straddle two epochs, so every sample is used once per epoch and none is dropped. A pure function of key and step.
/// </summary>
internal sealed class DataOrder(RandomKey key, int count, int batchSize)
{
    private readonly RandomKey shuffle = key.Split(RandomPurpose.Shuffle);
    private long cachedEpoch = -1;
    private ImmutableArray<int> order = [];

    /// <summary>Writes the sample numbers of the batch of a step.</summary>
    internal void Write(long step, Span<int> samples)
    {
        for (var place = 0; place < batchSize; place++)
        {
            var (epoch, position) = Math.DivRem(checked((step * batchSize) + place), count);
            if (epoch != cachedEpoch)
            {
                order = shuffle.Split((ulong)epoch).Permutation(count);
                cachedEpoch = epoch;
            }

            samples[place] = order[(int)position];
        }
    }
}
