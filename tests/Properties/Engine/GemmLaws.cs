using System.Numerics;
using System.Runtime.Intrinsics.X86;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Engine.Cpu;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Engine;

/// <summary>A product C (+)= op(A)·op(B) of some size.</summary>
public sealed record AnyProduct(int M, int K, int N, bool TransposeLeft, bool TransposeRight, bool Add, int Seed);

public static class Products
{
    /// <summary>Lengths around the kernels' rows (4, 6, 14), their columns (4 … 32) and the blocks along k (256).</summary>
    private static readonly int[] Lengths = [1, 2, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 23, 31, 32, 33, 47, 48, 49, 64, 97];

    private static readonly int[] Depths = [1, 2, 16, 97, 255, 256, 257, 511, 513];

    public static Arbitrary<AnyProduct> AnyProducts() => Arb.From(
        from m in Gen.Elements(Lengths)
        from k in Gen.Elements(Depths)
        from n in Gen.Elements(Lengths)
        from left in Gen.Elements(false, true)
        from right in Gen.Elements(false, true)
        from add in Gen.Elements(false, true)
        from seed in Gen.Choose(0, 1000)
        select new AnyProduct(m, k, n, left, right, add, seed));
}

/// <summary>Every kernel's blocked product equals the definition.</summary>
[Properties(Arbitrary = [typeof(Products)])]
public class GemmLaws
{
    /// <summary>Half a unit in the last place of 1: the largest relative error of one rounding.</summary>
    private const double SingleRounding = 1.0 / (1 << 24);

    private const double DoubleRounding = 1.0 / (1L << 53);

    [Property(MaxTest = 150)]
    public void The_portable_kernels_multiply_in_float32(AnyProduct any) => Check(new Blocked<float, Kernel4x2<float>, Kernel4x1<float>, Kernel4x2<float>>(), any, SingleRounding);

    [Property(MaxTest = 150)]
    public void The_portable_kernels_multiply_in_float64(AnyProduct any) => Check(new Blocked<double, Kernel4x2<double>, Kernel4x1<double>, Kernel4x2<double>>(), any, DoubleRounding);

    [Property(MaxTest = 150)]
    public void The_512_bit_kernels_multiply_in_float32(AnyProduct any) => Check(new Blocked<float, Kernel14x2<float>, Kernel14x1<float>, Kernel4x2Of512<float>>(), any, SingleRounding);

    [Property(MaxTest = 150)]
    public void The_512_bit_kernels_multiply_in_float64(AnyProduct any) => Check(new Blocked<double, Kernel14x2<double>, Kernel14x1<double>, Kernel4x2Of512<double>>(), any, DoubleRounding);

    [Property(MaxTest = 150)]
    public void The_256_bit_kernels_multiply_in_float32(AnyProduct any) => Check(new Blocked<float, Kernel6x2<float>, Kernel6x1<float>, Kernel4x2<float>>(), any, SingleRounding);

    [Property(MaxTest = 150)]
    public void The_256_bit_kernels_multiply_in_float64(AnyProduct any) => Check(new Blocked<double, Kernel6x2<double>, Kernel6x1<double>, Kernel4x2<double>>(), any, DoubleRounding);

    [Property(MaxTest = 150)]
    public void Small_products_need_no_packing_in_float32(AnyProduct any) => CheckSmall<float>(any, SingleRounding);

    [Property(MaxTest = 150)]
    public void Small_products_need_no_packing_in_float64(AnyProduct any) => CheckSmall<double>(any, DoubleRounding);

    /// <summary>CI switches instruction sets off in turn and says which kernel must then be at work.</summary>
    [Fact]
    public void The_kernel_is_the_widest_that_the_processor_may_use()
    {
        var expected = Environment.GetEnvironmentVariable("GROKKING_EXPECT_KERNEL")
            ?? (Avx512F.IsSupported ? "14x32" : Avx2.IsSupported ? "6x16" : $"4x{2 * Vector<float>.Count}");
        Assert.Equal(expected, Gemm<float>.Best.Name);
    }

    private static unsafe void CheckSmall<T>(AnyProduct large, double rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var any = large with { K = 1 + (large.K % 41) };
        var product = new MatMul(any.TransposeLeft, any.TransposeRight);
        if (!SmallProduct<T>.Suits(product, any.M, any.K, any.N))
        {
            Assert.True(any is { TransposeLeft: true, TransposeRight: true } || any.M * any.K * any.N > 32768);
            return;
        }

        var random = new Random(any.Seed);
        var left = Rounded<T>(random, any.TransposeLeft ? Shape.Of(any.K, any.M) : Shape.Of(any.M, any.K));
        var right = Rounded<T>(random, any.TransposeRight ? Shape.Of(any.N, any.K) : Shape.Of(any.K, any.N));
        var before = Rounded<T>(random, Shape.Of(any.M, any.N));
        var expected = Dense.Apply(product, left, right);
        expected = any.Add ? expected + before : expected;
        var sizes = Dense.Apply(product, Size(left), Size(right)) + Size(before);
        var (a, b, c) = (Copy<T>(left), Copy<T>(right), Copy<T>(before));
        fixed (T* pa = a, pb = b, pc = c)
        {
            SmallProduct<T>.Multiply(product, any.M, any.K, any.N, pa, pb, pc, any.Add);
        }

        Assert.Equal(T.NegativeOne, c[^1]);
        for (var i = 0; i < expected.Shape.Count; i++)
        {
            Assert.InRange(double.CreateSaturating(c[i]) - expected.Span[i], -2 * (any.K + 2) * rounding * sizes.Span[i], 2 * (any.K + 2) * rounding * sizes.Span[i]);
        }
    }

    private static unsafe void Check<T>(Gemm<T> gemm, AnyProduct any, double rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(any.Seed);
        var left = Rounded<T>(random, any.TransposeLeft ? Shape.Of(any.K, any.M) : Shape.Of(any.M, any.K));
        var right = Rounded<T>(random, any.TransposeRight ? Shape.Of(any.N, any.K) : Shape.Of(any.K, any.N));
        var before = Rounded<T>(random, Shape.Of(any.M, any.N));
        var expected = Dense.Apply(new MatMul(any.TransposeLeft, any.TransposeRight), left, right);
        expected = any.Add ? expected + before : expected;

        // The error of a sum of K products is at most about K roundings of the sum of their sizes (and two more for the addition; the
        // definition's own roundings double that in float64).
        var sizes = Dense.Apply(new MatMul(any.TransposeLeft, any.TransposeRight), Size(left), Size(right)) + Size(before);
        var bound = 2 * (any.K + 2) * rounding;

        // One number more than needed after each area, to see that nobody writes past an end.
        var (a, b, c) = (Copy<T>(left), Copy<T>(right), Copy<T>(before));
        var packed = new T[gemm.PackedRight(any.K, any.N) + 1];
        var scratch = new T[gemm.Scratch + 1];
        packed[^1] = scratch[^1] = T.NegativeOne;
        fixed (T* pa = a, pb = b, pc = c, pp = packed, ps = scratch)
        {
            gemm.PackRight(any.K, any.N, pb, any.TransposeRight ? 1 : any.N, any.TransposeRight ? any.K : 1, pp);
            gemm.Multiply(any.M, any.K, any.N, pa, any.TransposeLeft ? 1 : any.K, any.TransposeLeft ? any.M : 1, pp, pc, any.N, any.Add, ps);
        }

        for (var i = 0; i < expected.Shape.Count; i++)
        {
            Assert.True(Math.Abs(double.CreateSaturating(c[i]) - expected.Span[i]) <= bound * sizes.Span[i], $"element {i}: {c[i]}, by definition {expected.Span[i]}");
        }

        Assert.Equal((T.NegativeOne, T.NegativeOne, T.NegativeOne), (c[^1], packed[^1], scratch[^1]));
    }

    private static Dense Rounded<T>(Random random, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Dense.Build(shape, _ => double.CreateSaturating(T.CreateSaturating((2 * random.NextDouble()) - 1)));

    private static Dense Size(Dense x) => Tensor.Maximum(x, Tensor.Negate(x));

    private static T[] Copy<T>(Dense from)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. from.Span.ToArray().Select(T.CreateSaturating), T.NegativeOne];
}
