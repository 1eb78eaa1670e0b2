using System.Runtime.InteropServices;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;

namespace Grokking.Cuda.Program;

/// <summary>A kernel with all that it is called with, but for the places.</summary>
internal sealed unsafe class Launch
{
    /// <summary>Threads of a block of most kernels.</summary>
    internal const int Threads = 256;

    private readonly nint function;
    private readonly (uint X, uint Y) grid;
    private readonly uint threads;
    private readonly byte[] block;

    private Launch(string kernel, nint function, (int X, int Y) grid, int threads, byte[] block)
    {
        Kernel = kernel;
        this.function = function;
        this.grid = ((uint)grid.X, (uint)grid.Y);
        this.threads = (uint)threads;
        this.block = block;
    }

    /// <summary>The kernel's name.</summary>
    internal string Kernel { get; }

    /// <summary>A kernel made ready.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="kernel">Its name.</param>
    /// <param name="block">Its structure.</param>
    /// <param name="x">Blocks along the grid's first axis, at least 1.</param>
    /// <param name="y">Blocks along the second.</param>
    /// <param name="threads">Threads of a block.</param>
    internal static Launch Of<T>(Device device, string kernel, T block, int x, int y = 1, int threads = Threads)
        where T : unmanaged => new(kernel, Module(device).Function(kernel), (x, y), threads, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in block)).ToArray());

    /// <summary>So many blocks that each has at most so many elements.</summary>
    internal static int Blocks(long elements, int each) => checked((int)((elements + each - 1) / each));

    /// <summary>Enqueues it for some places.</summary>
    internal void Enqueue(Device device, ulong list, int places)
    {
        var mask = new Places(list);
        fixed (byte* first = block)
        {
            var parameters = stackalloc void*[] { first, &mask };
            Native.cuLaunchKernel(function, grid.X, grid.Y, (uint)places, threads, 1, 1, 0, device.Stream, parameters, null).Succeeded($"cuLaunchKernel '{Kernel}'");
        }
    }

    private static Module Module(Device device) => device.ModuleOf(KernelText.Name, () => KernelText.Ptx);
}
