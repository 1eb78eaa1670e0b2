using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Cuda.Program;

/// <summary>Matrix products: on tensor cores, or by plain multiply-adds where a matrix is smaller than what they take at once.</summary>
internal static class ProductLaunch
{
    /// <summary>Fewer rows or columns than this leave most of a tensor core's work unused.</summary>
    private const int SmallEdge = 16;

    internal static Launch Of(Device device, CudaPrecision precision, MatMul product, Shape leftShape, Shape rightShape, Memory left, Memory right, Memory output, bool add)
    {
        var (m, k, _, n) = product.Sizes(leftShape, rightShape);
        var batches = leftShape.Rank > 2 ? leftShape.Count / Math.Max(1, m * k) : 1;
        if (leftShape.Rank > 2 && m * k == 0)
        {
            batches = leftShape.Lengths[..^2].Aggregate(1, (count, length) => count * length);
        }

        var block = new MatMulBlock
        {
            Left = left,
            Right = right,
            Output = output,
            LeftBatch = (long)m * k,
            RightBatch = (long)k * n,
            OutputBatch = (long)m * n,
            M = m,
            K = k,
            N = n,
            Batches = batches,
            LeftRow = product.TransposeLeft ? 1 : k,
            LeftInner = product.TransposeLeft ? m : 1,
            RightInner = product.TransposeRight ? 1 : n,
            RightColumn = product.TransposeRight ? k : 1,
            OutputRow = n,
            Add = add ? 1 : 0,
        };
        return m < SmallEdge || n < SmallEdge
            ? Launch.Of(device, "matmul_plain", block, Launch.Blocks((long)m * n, Launch.Threads), batches)
            : Launch.Of(
                device,
                precision == CudaPrecision.Tf32 ? "matmul_tf32" : "matmul_single",
                block,
                Launch.Blocks(m, MatMulBlock.Edge) * Launch.Blocks(n, MatMulBlock.Edge),
                batches,
                MatMulBlock.Threads);
    }
}
