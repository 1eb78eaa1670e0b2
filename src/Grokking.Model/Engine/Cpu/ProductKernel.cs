using System.Numerics;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>
/// A matrix product. In a pass over tiles a right factor that is whole is packed once before the pass and shared by all threads; a large product of whole values is shared out by rows.
/// </summary>
internal sealed unsafe class ProductKernel<T> : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds that are worth the hand-over to another thread, and that the right factor is packed once more.</summary>
    private const long PartSize = 1 << 20;

    /// <summary>Rows of a part are a multiple of this; two tiles of the largest kernel.</summary>
    private const int PartRows = 28;

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
        Parts = varying == Varying.Nothing && batches == 1 ? (int)Math.Clamp((long)m * k * n / PartSize, 1, (m + PartRows - 1) / PartRows) : 1;
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
        var each = (m + Parts - 1) / Parts;
        each = (each + PartRows - 1) / PartRows * PartRows;
        var start = Math.Min(m, part * each);
        var rows = Math.Min(each, m - start);
        var (leftRow, leftColumn) = LeftSteps(m, k);
        if (rows > 0)
        {
            Packed(rows, k, left.In(frame) + (start * leftRow), leftRow, leftColumn, right.In(frame), output.In(frame) + ((long)start * n), output.IsPartial, (T*)frame.Scratch);
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

        gemm.Multiply(rows, inner, n, a, leftRow, leftColumn, packed, c, add, work);
    }
}
