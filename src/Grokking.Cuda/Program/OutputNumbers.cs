using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;

namespace Grokking.Cuda.Program;

/// <summary>The outputs that are single numbers, of all places side by side, so that one copy brings them all.</summary>
internal sealed class OutputNumbers : IDisposable
{
    private readonly Device device;
    private readonly ImmutableArray<string> names;
    private readonly DeviceMemory ring;
    private readonly DeviceMemory counter;
    private readonly float[] read;
    private bool isRead;

    internal OutputNumbers(Device device, Constants constants, ImmutableArray<(string Name, Memory Source)> outputs, int places)
    {
        this.device = device;
        names = [.. outputs.Select(output => output.Name)];
        read = new float[names.Length * places];
        ring = new(device, (long)read.Length * sizeof(float));
        counter = new(device, sizeof(int));
        Recording = names.IsEmpty ? [] :
        [
            Launch.Of(device, "record", new RecordBlock
            {
                Ring = new(ring.Address, names.Length),
                Counter = new(counter.Address, 0),
                Sources = constants.Put<Memory>([.. outputs.Select(output => output.Source)]),
                SourceCount = names.Length,
                Rows = 1,
            }, 1),
        ];
    }

    /// <summary>What gathers them at the end of a run.</summary>
    internal ImmutableArray<Launch> Recording { get; }

    /// <summary>There was another run.</summary>
    internal void Forget() => isRead = false;

    /// <summary>The last run's number of a place.</summary>
    internal double Read(int place, string name)
    {
        if (!isRead)
        {
            device.Download<float>(ring.Address, read);
            isRead = true;
        }

        return read[(place * names.Length) + names.IndexOf(name)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ring.Dispose();
        counter.Dispose();
    }
}
