using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Tensors;

namespace Grokking.Cuda.Program;

/// <summary>Sums over axes, and the largest along the last one.</summary>
internal static class ReductionLaunch
{
    /// <summary>Fewer outputs than this leave the device idle, unless many threads share each.</summary>
    private const int FewOutputs = 128;

    private const int ManyTerms = 1024;

    /// <summary>A sum. Which thread adds what follows from the shapes alone, and so do the bits.</summary>
    internal static Launch Sum(Device device, Shape shape, Axes over, Memory input, Memory output, SumTarget target)
    {
        var (kept, keptSteps, summed, summedSteps) = Split(shape, over);
        var (outputs, terms) = (Product(kept), Product(summed));
        var isInnermost = summedSteps.Count > 0 && summedSteps[^1] == 1;
        var lanes = outputs < FewOutputs && terms >= ManyTerms ? Launch.Threads : isInnermost ? 32 : 8;
        while (lanes > 1 && lanes > terms)
        {
            lanes /= 2;
        }

        var block = new SumBlock
        {
            Input = input,
            Output = output,
            Kept = AxisNumbers.Of([.. kept], 1),
            KeptSteps = AxisNumbers.Of([.. keptSteps], 0),
            Summed = AxisNumbers.Of([.. summed], 1),
            SummedSteps = AxisNumbers.Of([.. summedSteps], 0),
            Outputs = outputs,
            Terms = terms,
            Lanes = lanes,
            Across = isInnermost ? 1 : 0,
            Target = target,
        };
        return Launch.Of(device, "sum", block, Launch.Blocks(outputs, Launch.Threads / lanes));
    }

    /// <summary>float64 sums rounded.</summary>
    internal static Launch Round(Device device, Memory sums, Memory target, int count) =>
        Launch.Of(device, "round_sums", new RoundBlock { Sums = sums, Target = target, Count = count }, Launch.Blocks(count, Launch.Threads));

    /// <summary>The largest of each row, or its place.</summary>
    internal static Launch Largest(Device device, Shape shape, Memory input, Memory output, bool place)
    {
        var width = shape[shape.Rank - 1];
        var rows = shape.Count / width;
        var block = new LargestBlock { Input = input, Output = output, Rows = rows, Width = width, Place = place ? 1 : 0 };
        return Launch.Of(device, "largest", block, Launch.Blocks(rows, LargestBlock.RowsOfBlock));
    }

    /// <summary>Lengths and steps of the axes that stay and of those that are summed over; neighbours of one kind are one axis.</summary>
    private static (List<int> Kept, List<int> KeptSteps, List<int> Summed, List<int> SummedSteps) Split(Shape shape, Axes over)
    {
        var split = (Kept: new List<int>(), KeptSteps: new List<int>(), Summed: new List<int>(), SummedSteps: new List<int>());
        var strides = shape.Strides();
        var last = (bool?)null;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] == 1)
            {
                continue;
            }

            var isSummed = over.Contains(axis);
            var (lengths, steps) = isSummed ? (split.Summed, split.SummedSteps) : (split.Kept, split.KeptSteps);
            if (last == isSummed)
            {
                lengths[^1] *= shape[axis];
                steps[^1] = strides[axis];
            }
            else
            {
                lengths.Add(shape[axis]);
                steps.Add(strides[axis]);
            }

            last = isSummed;
        }

        return split;
    }

    private static int Product(List<int> lengths) => lengths.Aggregate(1, (product, length) => checked(product * length));
}
