using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Engine;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Cuda.Program;

/// <summary>The table from a plan's instructions to launches of kernels.</summary>
internal sealed class Instructions(Device device, CudaPrecision precision, Constants constants, Inputs inputs, ProgramMemory memory, bool fuses)
{
    /// <summary>Chains.</summary>
    internal ChainLaunch Chains { get; } = new(device, constants, memory.At, inputs.Table);

    /// <summary>The launches of a run, in order.</summary>
    /// <param name="plan">What is run; planned without <see cref="Fusions.ScatterAdd"/>, undivided.</param>
    /// <param name="outputs">Whether what only outputs need is computed as well.</param>
    internal ImmutableArray<Launch> Of(Plan plan, bool outputs) => [.. plan.Stages.SelectMany(stage => Of(plan, stage, outputs))];

    private IEnumerable<Launch> Of(Plan plan, Stage stage, bool outputs)
    {
        ImmutableArray<Instruction> instructions = [.. stage.Once.SelectMany(round => round).Concat(stage.PerTile).Where(instruction => outputs || instruction.ForUpdates)];
        if (fuses)
        {
            instructions = QuadraticFusions.Of(instructions, plan);
        }

        // The first that adds to a sum over samples sets it, and a single one in float64 rounds it at once.
        var writers = instructions.OfType<Application>().Where(application => application.Output.Region is Region.Partial or Region.PartialSum)
            .GroupBy(application => (application.Output.Region, application.Output.Offset)).ToDictionary(part => part.Key, part => part.Count());
        var begun = new HashSet<(Region, int)>();
        foreach (var instruction in instructions)
        {
            foreach (var launch in instruction switch
            {
                Chain chain => chain.Shape.Count == 0 ? [] : [Chains.Of(chain)],
                Application application => Of(application, Sum(application)),
                QuadraticForward forward => [QuadraticLaunch.Of(device, precision, memory, inputs, forward)],
                QuadraticBackward backward => [QuadraticLaunch.Of(device, precision, memory, inputs, backward)],
                _ => throw new NotSupportedException($"The CUDA program does not know the instruction {instruction.GetType().Name}."),
            })
            {
                yield return launch;
            }
        }

        foreach (var sum in stage.Sums.Where(sum => sum.Part.Region == Region.PartialSum && sum.Part.Shape.Count > 0 && writers.GetValueOrDefault((sum.Part.Region, sum.Part.Offset)) > 1))
        {
            yield return ReductionLaunch.Round(device, memory.At(sum.Part), memory.At(sum.Target), sum.Part.Shape.Count);
        }

        (Memory Output, bool Adds, bool InDouble) Sum(Application application)
        {
            var part = (application.Output.Region, application.Output.Offset);
            if (!writers.TryGetValue(part, out var count))
            {
                return (memory.At(application.Output), false, false);
            }

            var adds = !begun.Add(part);
            return part.Region == Region.PartialSum && count == 1
                ? (memory.At(stage.Sums.Single(sum => sum.Part.Region == part.Region && sum.Part.Offset == part.Offset).Target), false, false)
                : (memory.At(application.Output), adds, part.Region == Region.PartialSum);
        }
    }

    private Launch[] Of(Application application, (Memory Output, bool Adds, bool InDouble) sum)
    {
        var shape = application.Output.Shape;
        if (shape.Count == 0)
        {
            return [];
        }

        Memory Input(int place) => memory.At(application.Inputs[place]);
        Shape ShapeOf(int place) => application.Inputs[place].Shape;
        return application.Primitive switch
        {
            MatMul product => ProductLaunch.Of(device, precision, product, ShapeOf(0), ShapeOf(1), Input(0), Input(1), sum.Output, sum.Adds),
            Sum over => [ReductionLaunch.Sum(device, ShapeOf(0), over.Over, Input(0), sum.Output, (SumTarget)((sum.InDouble ? 2 : 0) + (sum.Adds ? 1 : 0)))],
            Max => [ReductionLaunch.Largest(device, ShapeOf(0), Input(0), sum.Output, place: false)],
            ArgMax => [ReductionLaunch.Largest(device, ShapeOf(0), Input(0), sum.Output, place: true)],
            Gather gather => [Gathered(gather, application)],
            ScatterAdd scatter => [Scattered(scatter, shape, Input(0), sum.Output, sum.Adds)],
            OneHot oneHot => [Indexed("one_hot", oneHot.Rows, sum.Output, shape.Count)],
            Numbers numbers => [Indexed("numbers", numbers.Rows, sum.Output, shape.Count)],
            Survivors survivors => [Drawn(survivors, sum.Output, shape.Count)],
            Movement movement => Moved(movement, application),
            var other => throw new NotSupportedException($"The CUDA program has no kernel for {other.Name}."),
        };
    }

    private Launch Gathered(Gather gather, Application application)
    {
        var table = application.Inputs[0];
        var width = table.Shape.RowCount();
        return Chains.Copy(
            new() { Memory = memory.At(table), Chosen = inputs.Table(gather.Rows), Steps = AxisNumbers.Of([0, 1], 0), Row = width },
            new() { Memory = memory.At(application.Output), Steps = AxisNumbers.Of([width, 1], 0) },
            [gather.Rows.Count, width]);
    }

    private Launch Scattered(ScatterAdd scatter, Shape table, Memory rows, Memory output, bool adds)
    {
        var width = table.RowCount();
        var block = new ScatterBlock { Rows = rows, Indices = inputs.Table(scatter.Rows), Table = output, Count = scatter.Rows.Count, Width = width, Add = adds ? 1 : 0 };
        return Launch.Of(device, "scatter_add", block, table[0], Launch.Blocks(width, Launch.Threads));
    }

    private Launch Indexed(string kernel, Indices rows, Memory output, int elements) =>
        Launch.Of(device, kernel, new IndexBlock { Indices = inputs.Table(rows), Output = output, Count = rows.Count, Bound = rows.Bound }, Launch.Blocks(elements, Launch.Threads));

    private Launch Drawn(Survivors survivors, Memory output, int count)
    {
        var block = new SurvivorsBlock { Key = inputs.KeyOf(survivors), Output = output, Threshold = survivors.Threshold, Count = count, Factor = (float)survivors.Factor };
        return Launch.Of(device, "survivors", block, Launch.Blocks(count, SurvivorsBlock.Elements));
    }

    private Launch[] Moved(Movement movement, Application application)
    {
        var (input, output) = (application.Inputs[0], application.Output);
        var (from, to) = (input.Shape.Strides(), output.Shape.Strides());
        View View(Operand operand, int first, ReadOnlySpan<int> steps) => new() { Memory = memory.At(operand with { Offset = operand.Offset + first }), Steps = AxisNumbers.Of(steps, 0) };
        return movement switch
        {
            Transpose transpose => [Chains.Copy(View(input, 0, [.. transpose.Order.Values.Select(axis => from[axis])]), View(output, 0, to.AsSpan()), output.Shape.Lengths.AsSpan())],
            Slice slice => [Chains.Copy(View(input, slice.Start * from[slice.Axis], from.AsSpan()), View(output, 0, to.AsSpan()), output.Shape.Lengths.AsSpan())],
            Pad when input.Shape.Count == 0 => [Chains.Clear(memory.At(output), output.Shape.Count)],
            Pad pad => [Chains.Clear(memory.At(output), output.Shape.Count), Chains.Copy(View(input, 0, from.AsSpan()), View(output, pad.Start * to[pad.Axis], to.AsSpan()), input.Shape.Lengths.AsSpan())],
            _ => throw new NotSupportedException($"The CUDA program cannot move elements by {movement.Name}."),
        };
    }
}
