using System.Numerics;
using Grokking.Randomness;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>A key as kernels read it: known from the start, or given by name before a run.</summary>
internal sealed class KeyPlace
{
    internal RandomKey Key { get; set; }
}

/// <summary>The factors of dropout, those of the frame's rows: the same numbers whatever the tile and the thread.</summary>
internal sealed unsafe class SurvivorsKernel<T>(Survivors survivors, KeyPlace place, Operand output) : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Address<T> output = new(output);
    private readonly int perSample = output.PerSample;
    private readonly int all = output.Shape.Rank == 0 ? 1 : output.Shape[0];
    private readonly int width = output.Shape.RowCount();
    private readonly T factor = T.CreateSaturating(survivors.Factor);

    internal override void Run(in Frame<T> frame)
    {
        var rows = Rows(frame, perSample, all);
        var first = perSample > 0 ? (ulong)frame.First * (ulong)perSample * (ulong)width : 0;
        survivors.Write(place.Key, factor, new Span<T>(output.In(frame), rows * width), first);
    }
}
