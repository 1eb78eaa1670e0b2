using System.Collections.Immutable;
using Grokking.Engine;

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
        foreach (var (place, operand) in Places(samples).Zip(samples.Operands))
        {
            program.Offer(place, operand.AsSpan());
        }

        program.SetIndices("label", samples.Labels.AsSpan());
    }

    /// <summary>Writes the batch of a step, of as many samples as the program takes. Allocates nothing (but for the order of a new epoch).</summary>
    internal void WriteBatch(Executable program, DataOrder order, long step)
    {
        var batch = chosen.AsSpan(0, order.SizeAt(step));
        order.Write(step, batch);
        for (var k = 0; k < places.Length; k++)
        {
            program.Offer(places[k], Picked(samples.Operands[k], batch));
        }

        program.SetIndices("label", Picked(samples.Labels, batch));
    }

    private static ImmutableArray<string> Places(Samples samples) => [.. Enumerable.Range(1, samples.Operands.Length).Select(k => $"x{k}")];

    private ReadOnlySpan<int> Picked(ImmutableArray<int> from, ReadOnlySpan<int> batch)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            values[i] = from[batch[i]];
        }

        return values.AsSpan(0, batch.Length);
    }
}
