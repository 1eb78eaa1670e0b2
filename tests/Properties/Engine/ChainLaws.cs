using System.Numerics;
using System.Runtime.InteropServices;
using FsCheck.Xunit;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Engine;

/// <summary>A compiled chain computes what the interpreted one does, to the last bit, and writes nowhere else.</summary>
[Properties(Arbitrary = [typeof(Chains)], MaxTest = 400)]
public unsafe class ChainLaws
{
    [Property]
    public void Compiled_chains_equal_interpreted_ones_in_float32(AnyChain any) => Compare<float>(any, x => BitConverter.SingleToUInt32Bits(x));

    [Property]
    public void Compiled_chains_equal_interpreted_ones_in_float64(AnyChain any) => Compare<double>(any, BitConverter.DoubleToUInt64Bits);

    [Fact]
    public void A_chain_is_compiled_where_every_operation_has_a_vector_form()
    {
        Chain Of(params Primitive[] primitives) => new(Shape.Of(40), 0, [.. primitives.Select((primitive, i) => new Link(
            primitive,
            [.. Enumerable.Repeat<Source>(i == 0 ? new Source.Number(0.5) : new Source.Earlier(i - 1), ((Elementwise)primitive).Arity)],
            i == primitives.Length - 1 ? new Operand(Region.Whole, 0, Shape.Of(40), [1], 0) : null))]);
        void Assume<T, TKernel>(Chain chain)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var kernel = new ChainCompiler<T>(NoTable).KernelOf(chain);
            Assert.IsType<TKernel>(kernel);
        }

        var exact = Of([.. Chains.Exact]);
        var transcendental = Of([.. Chains.Transcendental]);
        Assume<float, CompiledChainKernel<float>>(exact);
        Assume<double, CompiledChainKernel<double>>(exact);
        Assume<float, CompiledChainKernel<float>>(transcendental);
        Assume<double, ChainKernel<double>>(transcendental);
    }

    /// <remarks>Which NaN comes of two NaNs is up to the processor and the order of a commutative operation's arguments; that it is one is not.</remarks>
    private static void Compare<T>(AnyChain any, Func<T, ulong> bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong[] Run(Kernel<T> kernel) => [.. Result(any, kernel).Select(x => T.IsNaN(x) ? ulong.MaxValue : bits(x))];
        var expected = Run(new ChainKernel<T>(any.Chain, new(any.Chain), NoTable));
        foreach (var compiler in Compilers<T>.All)
        {
            Assert.Equal(expected, Run(compiler.KernelOf(any.Chain)));
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

    private static IndexTable NoTable(Indices indices) => throw new InvalidOperationException($"These chains choose no rows, not even {indices}.");

    /// <summary>One for each width, kept from case to case so that chains of one structure share their code.</summary>
    private static class Compilers<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        internal static ChainCompiler<T>[] All { get; } = [.. VectorWidth.Supported.Select(width => new ChainCompiler<T>(width, NoTable))];
    }
}
