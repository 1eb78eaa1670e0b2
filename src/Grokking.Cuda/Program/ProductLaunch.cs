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

    /// <summary>The most that a grid's second axis has.</summary>
    private const int MostBatches = 65535;

    /// <summary>The launches of a product: one, unless there are more pairs of matrices than a grid can count.</summary>
    internal static Launch[] Of(Device device, CudaPrecision precision, MatMul product, Shape leftShape, Shape rightShape, Memory left, Memory right, Memory output, bool add)
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
        var launches = new Launch[Launch.Blocks(batches, MostBatches)];
        for (var i = 0; i < launches.Length; i++)
        {
            var part = Part(block, i * MostBatches);
            launches[i] = m < SmallEdge || n < SmallEdge
                ? Launch.Of(device, "matmul_plain", part, Launch.Blocks((long)m * n, Launch.Threads), part.Batches)
                : Launch.Of(
                    device,
                    precision == CudaPrecision.Tf32 ? "matmul_tf32" : "matmul_single",
                    part,
                    Launch.Blocks(m, MatMulBlock.Edge) * Launch.Blocks(n, MatMulBlock.Edge),
                    part.Batches,
                    MatMulBlock.Threads);
        }

        return launches;
    }

    /// <summary>The pairs from one on, as many as a grid can count.</summary>
    private static MatMulBlock Part(MatMulBlock all, int first)
    {
        Memory From(Memory memory, long batch) => memory with { Address = memory.Address + ((ulong)(batch * first) * sizeof(float)) };
        return all with
        {
            Left = From(all.Left, all.LeftBatch),
            Right = From(all.Right, all.RightBatch),
            Output = From(all.Output, all.OutputBatch),
            Batches = Math.Min(MostBatches, all.Batches - first),
        };
    }
}
