using System.Collections.Immutable;
using Grokking.Engine;
using Grokking.Randomness;

namespace Grokking.Training;

/// <summary>Writes samples to the index places of a program: all of them once, or a batch before each step.</summary>
internal sealed class SampleFeed
{
    private readonly Samples samples;
    private readonly ImmutableArray<string> places;
    private readonly int[] chosen;
    private readonly int[] values;

    /// <summary>A feed of batches.</summary>
    /// <param name="samples">What batches are taken from.</param>
    /// <param name="batchSize">Samples of a batch.</param>
    internal SampleFeed(Samples samples, int batchSize)
    {
        this.samples = samples;
        places = Places(samples);
        chosen = new int[batchSize];
        values = new int[batchSize];
    }

    /// <summary>Writes all samples.</summary>
    internal static void WriteAll(Executable program, Samples samples)
    {
        foreach (var (place, operand) in Places(samples).Zip(samples.Operands).Where(pair => program.Reads(pair.First)))
        {
            program.SetIndices(place, operand.AsSpan());
        }

        program.SetIndices("label", samples.Labels.AsSpan());
    }

    /// <summary>The order in which a run of this key sees its samples.</summary>
    internal DataOrder OrderOf(RandomKey key) => new(key, samples.Count, chosen.Length);

    /// <summary>Writes the batch of a step. Allocates nothing (but for the order of a new epoch).</summary>
    internal void WriteBatch(Executable program, DataOrder order, long step)
    {
        order.Write(step, chosen);
        for (var k = 0; k < places.Length; k++)
        {
            if (program.Reads(places[k]))
            {
                program.SetIndices(places[k], Picked(samples.Operands[k]));
            }
        }

        program.SetIndices("label", Picked(samples.Labels));
    }

    private static ImmutableArray<string> Places(Samples samples) => [.. Enumerable.Range(1, samples.Operands.Length).Select(k => $"x{k}")];

    private int[] Picked(ImmutableArray<int> from)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            values[i] = from[chosen[i]];
        }

        return values;
    }
}
