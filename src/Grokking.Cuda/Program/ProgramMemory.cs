using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Engine;

namespace Grokking.Cuda.Program;

/// <summary>
/// The memory of a program on the device: for each place all regions of the plan one behind the other. With one shard a sum over samples has one part, which lies where the whole sum
/// does; only a sum of several parts in float64 has a place of its own.
/// </summary>
internal sealed class ProgramMemory : IDisposable
{
    /// <summary>Regions begin at multiples of so many elements: two lines of a cache.</summary>
    private const int Alignment = 64;

    private readonly DeviceMemory singles;
    private readonly DeviceMemory doubles;
    private readonly Inputs inputs;
    private readonly Dictionary<Region, long> starts = [];
    private readonly Dictionary<int, Operand> targets;
    private readonly long stride;
    private readonly long doubleStride;

    internal ProgramMemory(Device device, Plan plan, Inputs inputs, int places)
    {
        this.inputs = inputs;
        foreach (var region in new[] { Region.Whole, Region.Present, Region.Next, Region.Tile })
        {
            starts[region] = stride;
            stride += Rounded(plan.Sizes[region]);
        }

        doubleStride = plan.Sizes[Region.PartialSum];
        targets = plan.Stages.SelectMany(stage => stage.Sums).Where(sum => sum.Part.Region == Region.Partial).ToDictionary(sum => sum.Part.Offset, sum => sum.Target);
        singles = new(device, stride * places * sizeof(float));
        try
        {
            doubles = new(device, doubleStride * places * sizeof(double));
        }
        catch
        {
            singles.Dispose();
            throw;
        }
    }

    /// <summary>Bytes that a plan takes for each place.</summary>
    internal static long BytesPerPlace(Plan plan) =>
        ((Rounded(plan.Sizes[Region.Whole]) + Rounded(plan.Sizes[Region.Present]) + Rounded(plan.Sizes[Region.Next]) + Rounded(plan.Sizes[Region.Tile])) * sizeof(float))
        + ((long)plan.Sizes[Region.PartialSum] * sizeof(double))
        + plan.Indices.Values.Sum(named => (long)named.Count * sizeof(int));

    /// <summary>Where a value lies.</summary>
    internal Memory At(Operand operand) => operand.Region switch
    {
        Region.Whole when inputs.NumberAt(operand.Offset) is { } number => number,
        Region.Partial => At(targets[operand.Offset]),
        Region.PartialSum => new(doubles.Address + ((ulong)operand.Offset * sizeof(double)), doubleStride),
        var region => new(singles.Address + ((ulong)(starts[region] + operand.Offset) * sizeof(float)), stride),
    };

    /// <summary>Where a place's value lies.</summary>
    internal ulong At(Operand operand, int place)
    {
        var (address, each) = At(operand);
        return address + ((ulong)(each * place) * sizeof(float));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        singles.Dispose();
        doubles.Dispose();
    }

    private static long Rounded(long elements) => (elements + Alignment - 1) / Alignment * Alignment;
}
