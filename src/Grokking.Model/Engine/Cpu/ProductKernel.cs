using System.Numerics;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>
/// A matrix product. In a pass over tiles a right factor that is whole is packed once before the pass and shared by all threads; a large product of whole values is shared out by columns.
/// </summary>
internal sealed unsafe class ProductKernel<T> : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds of a part: some microseconds.</summary>
    private const long PartSize = 1 << 20;

    /// <summary>Multiply-adds that are worth the hand-over to another thread.</summary>
    private const long LeastPart = 1 << 17;

    /// <summary>Columns of a part are a multiple of this; the columns of the largest kernel.</summary>
    private const int PartColumns = 32;

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
        var work = (long)m * k * n;
        Parts = varying != Varying.Nothing || batches > 1 || work < LeastPart ? 0 : (int)Math.Clamp(work / PartSize, 1, (n + PartColumns - 1) / PartColumns);
    }

    private enum Varying
    {
        Nothing,
        Rows,
        Inner,
        Batches,
    }

    internal override long ScratchBytes => scratch;

    internal override int Parts { get; }

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
                var (leftRow, leftColumn) = LeftSteps(rows, inner);
                Packed(rows, inner, a, leftRow, leftColumn, b, c, add, (T*)frame.Scratch);
            }

            a += (long)rows * inner;
            b += (long)inner * n;
            c += (long)rows * n;
        }
    }

    internal override void RunPart(in Frame<T> frame, int part)
    {
        var each = (n + Parts - 1) / Parts;
        each = (each + PartColumns - 1) / PartColumns * PartColumns;
        var start = Math.Min(n, part * each);
        var columns = Math.Min(each, n - start);
        if (columns > 0)
        {
            var (leftRow, leftColumn) = LeftSteps(m, k);
            var (rightRow, rightColumn) = RightSteps(k);
            var packed = (T*)frame.Scratch;
            Gemm<T>.Best.PackRight(k, columns, right.In(frame) + (start * rightColumn), rightRow, rightColumn, packed);
            Gemm<T>.Best.Multiply(
                m, k, columns, left.In(frame), leftRow, leftColumn, packed, output.In(frame) + start, n, false, packed + Gemm<T>.Best.PackedRight(k, columns));
        }
    }

    private (nint Row, nint Column) LeftSteps(int rows, int inner) => product.TransposeLeft ? (1, rows) : (inner, 1);

    private (nint Row, nint Column) RightSteps(int inner) => product.TransposeRight ? (1, inner) : (n, 1);

    private void Packed(int rows, int inner, T* a, nint leftRow, nint leftColumn, T* b, T* c, bool add, T* work)
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

        gemm.Multiply(rows, inner, n, a, leftRow, leftColumn, packed, c, n, add, work);
    }
}
