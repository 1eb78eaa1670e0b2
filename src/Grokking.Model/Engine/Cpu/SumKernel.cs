using System.Collections.Immutable;
using System.Numerics;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>
/// A sum over axes. Runs of neighbours are added in the program's precision in vector lanes, at most 512 at a time; everything above that
/// is added in float64, in index order.
/// </summary>
internal sealed unsafe class SumKernel<T> : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LongestRun = 512;

    private readonly Address<T> input;
    private readonly Address<T> output;
    private readonly int perSample;
    private readonly int all;
    private readonly int[] lengths;
    private readonly int[][] steps;
    private readonly int rowFactor;
    private readonly int outputPerRow;
    private readonly bool keepsRows;
    private readonly int scratchElements;

    internal SumKernel(Axes over, Operand input, Operand output, int tileSamples)
    {
        this.input = new(input);
        this.output = new(output);
        perSample = input.PerSample;
        all = input.Shape.Rank == 0 ? 1 : input.Shape[0];
        keepsRows = !over.Contains(0);
        ImmutableArray<int> sums = [.. output.Shape.Strides().Select((stride, axis) => over.Contains(axis) ? 0 : stride)];
        (lengths, steps, rowFactor) = Collapsed.Of(input.Shape, [input.Shape.Strides(), sums]);
        outputPerRow = keepsRows ? output.Shape.RowCount() : output.Shape.Count;
        scratchElements = keepsRows && perSample > 0 ? tileSamples * perSample * outputPerRow : output.Shape.Count;
    }

    internal override long ScratchBytes => (long)scratchElements * sizeof(double);

    internal override void Run(in Frame<T> frame)
    {
        var rows = Rows(frame, perSample, all);
        var count = keepsRows ? rows * outputPerRow : outputPerRow;
        var sums = output.IsPartialSum ? output.SumIn(frame) : (double*)frame.Scratch;
        if (!output.IsPartialSum)
        {
            new Span<double>(sums, count).Clear();
        }

        Walk(0, input.In(frame), sums, rows * rowFactor);
        if (!output.IsPartialSum)
        {
            var target = output.In(frame);
            for (var i = 0; i < count; i++)
            {
                target[i] = T.CreateSaturating(sums[i]);
            }
        }
    }

    private void Walk(int axis, T* x, double* sum, int length)
    {
        var (step, sumStep) = (steps[0][axis], steps[1][axis]);
        if (axis < lengths.Length - 1)
        {
            for (var i = 0; i < length; i++)
            {
                Walk(axis + 1, x + ((long)i * step), sum + ((long)i * sumStep), lengths[axis + 1]);
            }
        }
        else if (sumStep == 0)
        {
            for (var start = 0; start < length; start += LongestRun)
            {
                *sum += double.CreateSaturating(Run(x + start, Math.Min(LongestRun, length - start)));
            }
        }
        else if (sumStep == 1 && step == 1)
        {
            AddRow(x, sum, length);
        }
        else
        {
            for (var i = 0; i < length; i++)
            {
                sum[(long)i * sumStep] += double.CreateSaturating(x[(long)i * step]);
            }
        }
    }

    /// <summary>A row added to the sums of its columns, which are float64 in either precision.</summary>
    private static void AddRow(T* x, double* sum, int length)
    {
        var i = 0;
        var width = Vector<double>.Count;
        if (typeof(T) == typeof(float))
        {
            for (; i <= length - (2 * width); i += 2 * width)
            {
                Vector.Widen(Vector.Load((float*)x + i), out var low, out var high);
                (Vector.Load(sum + i) + low).Store(sum + i);
                (Vector.Load(sum + i + width) + high).Store(sum + i + width);
            }
        }

        for (; i < length; i++)
        {
            sum[i] += double.CreateSaturating(x[i]);
        }
    }

    private static T Run(T* x, int n)
    {
        var lanes = Vector<T>.Zero;
        var i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
        {
            lanes += Vector.Load(x + i);
        }

        var sum = Vector.Sum(lanes);
        for (; i < n; i++)
        {
            sum += x[i];
        }

        return sum;
    }
}
