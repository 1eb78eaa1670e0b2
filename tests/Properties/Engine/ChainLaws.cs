using System.Numerics;
using System.Runtime.InteropServices;
using FsCheck.Xunit;
using Grokking.Engine.Cpu;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Engine;

/// <summary>A compiled chain computes what the interpreted one does, to the last bit, and writes nowhere else.</summary>
[Properties(Arbitrary = [typeof(Chains)], MaxTest = 400)]
public unsafe class ChainLaws
{
    [Property]
    public void Compiled_chains_equal_interpreted_ones_in_float32(AnyChain any) => Compare<float>(any, x => BitConverter.SingleToUInt32Bits(x));

    [Property]
    public void Compiled_chains_equal_interpreted_ones_in_float64(AnyChain any) => Compare<double>(any, BitConverter.DoubleToUInt64Bits);

    /// <remarks>Which NaN comes of two NaNs is up to the processor and the order of a commutative operation's arguments; that it is one is not.</remarks>
    private static void Compare<T>(AnyChain any, Func<T, ulong> bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong[] Run(Kernel<T> kernel) => [.. Result(any, kernel).Select(x => T.IsNaN(x) ? ulong.MaxValue : bits(x))];
        var expected = Run(new ChainKernel<T>(any.Chain));
        foreach (var width in VectorWidth.Supported)
        {
            Assert.Equal(expected, Run(new ChainCompiler<T>(width).KernelOf(any.Chain)));
        }
    }

    private static T[] Result<T>(AnyChain any, Kernel<T> kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = [.. any.Memory.Select(T.CreateSaturating)];
        var scratch = NativeMemory.AlignedAlloc((nuint)kernel.ScratchBytes + 64, 64);
        using (kernel)
        {
            fixed (T* whole = memory)
            {
                kernel.Run(new Frame<T> { Whole = whole, Scratch = (byte*)scratch, First = any.AllSamples - any.Samples, Samples = any.Samples });
            }
        }

        NativeMemory.AlignedFree(scratch);
        return memory;
    }
}
