using System.Collections.Immutable;
using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>Instructions on whole values that need nothing of each other: large ones in parts by all threads, small ones by the caller.</summary>
internal sealed class Round<T> : IUnits
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ImmutableArray<Kernel<T>> small;
    private readonly (Kernel<T> Kernel, int Part)[] parts;
    private readonly CpuProgram<T> program;

    internal Round(ImmutableArray<Kernel<T>> kernels, CpuProgram<T> program)
    {
        this.program = program;
        small = [.. kernels.Where(kernel => kernel.Parts == 0)];
        parts = [.. kernels.SelectMany(kernel => Enumerable.Range(0, kernel.Parts).Select(part => (kernel, part)))];
    }

    public void Do(int unit, int worker) => parts[unit].Kernel.RunPart(program.FrameFor(worker, 0), parts[unit].Part);

    internal void Run()
    {
        program.Workers.Run(this, parts.Length);
        var frame = program.FrameFor(0, 0);
        foreach (var kernel in small)
        {
            kernel.Run(frame);
        }
    }
}
