using System.Numerics;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>
/// A matrix product. In a pass over tiles a right factor that is whole is packed once before the pass and shared by all threads.
/// </summary>
internal sealed unsafe class ProductKernel<T> : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatMul product;
    private readonly Address<T> left;
    private readonly Address<T> right;
    private readonly Address<T> output;
    private readonly int m;
    private readonly int k;
    private readonly int n;
    private readonly int batches;
    private readonly int matricesPerRow;
    private readonly int perSample;
    private readonly Varying varying;
    private readonly long scratch;
    private readonly NativeArray<T>? shared;

    internal ProductKernel(MatMul product, Operand left, Operand right, Operand output, bool perTile, int tileSamples)
    {
        this.product = product;
        this.left = new(left);
        this.right = new(right);
        this.output = new(output);
        (m, k, _, n) = product.Sizes(left.Shape, right.Shape);
        batches = output.Shape.Rank > 2 ? output.Shape.Count / Math.Max(1, m * n) : 1;
        matricesPerRow = output.Shape.Rank > 2 ? batches / Math.Max(1, output.Shape[0]) : 0;
        perSample = left.PerSample;
        varying = perSample == 0 ? Varying.Nothing
            : output.Shape.Rank > 2 ? Varying.Batches
            : this.output.IsPartial ? Varying.Inner : Varying.Rows;

        var inner = varying == Varying.Inner ? tileSamples * perSample : k;
        var gemm = Gemm<T>.Best;
        var packed = gemm.PackedRight(inner, n);
        if (perTile && varying == Varying.Rows)
        {
            shared = new(packed);
            packed = 0;
        }

        scratch = (packed + gemm.Scratch) * sizeof(T);
    }

    private enum Varying
    {
        Nothing,
        Rows,
        Inner,
        Batches,
    }

    internal override long ScratchBytes => scratch;

    protected override void Free() => shared?.Dispose();

    internal override void Prepare(in Frame<T> frame)
    {
        if (shared is not null)
        {
            var (rowStep, columnStep) = RightSteps(k);
            Gemm<T>.Best.PackRight(k, n, right.In(frame), rowStep, columnStep, shared.Pointer);
        }
    }

    internal override void Run(in Frame<T> frame)
    {
        var rows = varying == Varying.Rows ? frame.Samples * perSample : m;
        var inner = varying == Varying.Inner ? frame.Samples * perSample : k;
        var count = varying == Varying.Batches ? frame.Samples * perSample * matricesPerRow : batches;
        var a = left.In(frame);
        var b = right.In(frame);
        var c = output.In(frame);
        var add = output.IsPartial;
        var isSmall = shared is null && SmallProduct<T>.Suits(product, rows, inner, n);
        for (var i = 0; i < count; i++)
        {
            if (isSmall)
            {
                SmallProduct<T>.Multiply(product, rows, inner, n, a, b, c, add);
            }
            else
            {
                Packed(rows, inner, a, b, c, add, (T*)frame.Scratch);
            }

            a += (long)rows * inner;
            b += (long)inner * n;
            c += (long)rows * n;
        }
    }

    private (nint Row, nint Column) LeftSteps(int rows, int inner) => product.TransposeLeft ? (1, rows) : (inner, 1);

    private (nint Row, nint Column) RightSteps(int inner) => product.TransposeRight ? (1, inner) : (n, 1);

    private void Packed(int rows, int inner, T* a, T* b, T* c, bool add, T* work)
    {
        var gemm = Gemm<T>.Best;
        var packed = work;
        if (shared is not null)
        {
            packed = shared.Pointer;
        }
        else
        {
            var (rowStep, columnStep) = RightSteps(inner);
            gemm.PackRight(inner, n, b, rowStep, columnStep, packed);
            work += gemm.PackedRight(inner, n);
        }

        var (leftRow, leftColumn) = LeftSteps(rows, inner);
        gemm.Multiply(rows, inner, n, a, leftRow, leftColumn, packed, c, add, work);
    }
}
