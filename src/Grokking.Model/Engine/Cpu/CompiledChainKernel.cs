using System.Numerics;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>Runs a fused chain that <see cref="ChainCompiler{T}"/> has turned into machine code; the same bits as <see cref="ChainKernel{T}"/>.</summary>
internal sealed unsafe class CompiledChainKernel<T> : ChainWalk<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ChainLines compute;
    private readonly NativeArray<long> lineSteps;

    internal CompiledChainKernel(Chain chain, ChainForm form, Func<Indices, IndexTable> tables, ChainLines compute)
        : base(chain, form, tables, constantRun: 1)
    {
        this.compute = compute;
        lineSteps = new(form.Memory.Length);
        for (var i = 0; i < form.Memory.Length; i++)
        {
            lineSteps.Pointer[i] = (long)LineStep(i) * sizeof(T);
        }
    }

    protected override void Block(T** pointers, T* scratch, int lines, int inner) =>
        compute((long)pointers, (long)lineSteps.Pointer, lines, (long)inner * sizeof(T));

    protected override void Free()
    {
        lineSteps.Dispose();
        base.Free();
    }
}
