namespace Grokking.Engine.Cpu;

/// <summary>Where a kernel works at the moment: the memory of each region as this thread sees it, and the samples of its tile.</summary>
internal unsafe struct Frame<T>
    where T : unmanaged
{
    internal T* Whole;
    internal T* Present;
    internal T* Next;
    internal T* Tile;
    internal T* Partial;
    internal double* PartialSum;
    internal byte* Scratch;
    internal int First;
    internal int Samples;
}

/// <summary>An operand as a kernel finds it: the pointer to its first element in a frame.</summary>
internal readonly unsafe struct Address<T>
    where T : unmanaged
{
    private readonly Region region;
    private readonly int offset;
    private readonly int perSample;

    internal Address(Operand operand)
    {
        region = operand.Region;
        offset = operand.Offset;
        perSample = region == Region.Whole && operand.PerSample > 0 && operand.Chosen is null ? operand.PerSample * operand.Strides[0] : 0;
    }

    internal bool IsPartialSum => region == Region.PartialSum;

    internal bool IsPartial => region is Region.Partial or Region.PartialSum;

    internal T* In(in Frame<T> frame) => region switch
    {
        Region.Whole => frame.Whole + offset + ((long)frame.First * perSample),
        Region.Present => frame.Present + offset,
        Region.Next => frame.Next + offset,
        Region.Tile => frame.Tile + offset,
        _ => frame.Partial + offset,
    };

    internal double* SumIn(in Frame<T> frame) => frame.PartialSum + offset;
}

/// <summary>One instruction made ready for this machine.</summary>
internal abstract class Kernel<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Bytes of scratch memory that it needs on each thread.</summary>
    internal virtual long ScratchBytes => 0;

    /// <summary>What must be done once before the pass that it belongs to, on the caller's thread.</summary>
    internal virtual void Prepare(in Frame<T> frame)
    {
    }

    /// <summary>In how many parts an instruction on whole values is worth to be done, by any threads in any order; 0 where it is not worth the hand-over to another thread.</summary>
    internal virtual int Parts => 0;

    /// <summary>Does one part of an instruction on whole values.</summary>
    internal virtual void RunPart(in Frame<T> frame, int part) => Run(frame);

    /// <summary>Does the instruction for the frame's samples.</summary>
    internal abstract void Run(in Frame<T> frame);

    /// <inheritdoc/>
    public void Dispose() => Free();

    /// <summary>Frees memory of its own.</summary>
    protected virtual void Free()
    {
    }

    /// <summary>Rows of an axis in this frame: those of its samples, or all of them when the value is whole.</summary>
    protected static int Rows(in Frame<T> frame, int perSample, int all) => perSample > 0 ? frame.Samples * perSample : all;
}
