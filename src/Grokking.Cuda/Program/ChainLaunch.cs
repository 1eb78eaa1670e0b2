using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Engine;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Cuda.Program;

/// <summary>Chains as the kernel interprets them: links, views and numbers in the device's memory.</summary>
internal sealed class ChainLaunch(Device device, Constants constants, Func<Operand, Memory> memory, Func<Indices, Memory> table)
{
    /// <summary>A chain of a plan.</summary>
    internal Launch Of(Chain chain)
    {
        var form = new ChainForm(chain);
        var views = form.Memory.Select((operand, i) => new View
        {
            Memory = memory(operand),
            Chosen = operand.Chosen is { } chosen ? table(chosen) : default,
            Steps = AxisNumbers.Of(form.Steps[i], 0),
            Row = operand.Chosen is null ? 0 : operand.Strides[0],
        });
        return Of([.. Links(form)], [.. views], [.. form.Numbers.Select(number => (float)number)], form.Lengths);
    }

    /// <summary>Elements copied from one walk to another.</summary>
    /// <param name="from">Where they are read.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="shape">How many there are along each axis.</param>
    internal Launch Copy(View from, View to, ReadOnlySpan<int> shape) => Of([new((int)Operation.Copy, ChainBlock.OfView, ChainBlock.OfView, 1)], [from, to], [], shape);

    /// <summary>Zeros, so many in a row.</summary>
    internal Launch Clear(Memory to, int count) =>
        Of([new((int)Operation.Copy, ChainBlock.OfNumber, ChainBlock.OfNumber, 0)], [Row(to)], [0], [count]);

    /// <summary>So many elements in a row.</summary>
    internal Launch CopyRow(Memory from, Memory to, int count) => Copy(Row(from), Row(to), [count]);

    /// <summary>What a primitive is called there.</summary>
    internal static Operation OperationOf(Primitive? primitive) => primitive switch
    {
        null or Detach => Operation.Copy,
        Negate => Operation.Negate,
        Exp => Operation.Exp,
        Log => Operation.Log,
        Sqrt => Operation.Sqrt,
        Tanh => Operation.Tanh,
        Erf => Operation.Erf,
        Add => Operation.Add,
        Subtract => Operation.Subtract,
        Multiply => Operation.Multiply,
        Divide => Operation.Divide,
        Maximum => Operation.Maximum,
        Greater => Operation.Greater,
        EqualTo => Operation.EqualTo,
        _ => throw new NotSupportedException($"The CUDA kernels have no operation for {primitive.Name}."),
    };

    private static View Row(Memory memory) => new() { Memory = memory, Steps = AxisNumbers.Of([1], 0) };

    private Launch Of(ChainLink[] links, View[] views, float[] numbers, ReadOnlySpan<int> shape)
    {
        var count = 1;
        foreach (var length in shape)
        {
            count = checked(count * length);
        }

        var block = new ChainBlock
        {
            Links = constants.Put<ChainLink>(links),
            Views = constants.Put<View>(views),
            Numbers = numbers.Length == 0 ? 0 : constants.Put<float>(numbers),
            Shape = AxisNumbers.Of(shape, 1),
            Axes = shape.Length,
            LinkCount = links.Length,
            Count = count,
        };
        return Launch.Of(device, "chain", block, Launch.Blocks(count, ChainBlock.Threads * ChainBlock.Lanes), threads: ChainBlock.Threads);
    }

    /// <summary>The links, with a slot for each result; a slot is free again after the last use of what it keeps.</summary>
    private static IEnumerable<ChainLink> Links(ChainForm form)
    {
        var slots = new int[form.Links.Length];
        var free = new Stack<int>();
        var used = 0;
        int Code(Argument argument) => argument.IsResult ? ChainBlock.OfSlot | slots[argument.Index]
            : argument.Index < form.Memory.Length ? ChainBlock.OfView | argument.Index
            : ChainBlock.OfNumber | (argument.Index - form.Memory.Length);

        for (var i = 0; i < form.Links.Length; i++)
        {
            var link = form.Links[i];
            var (a, b) = (Code(link.A), Code(link.B));
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (form.LastUse(earlier) == i)
                {
                    free.Push(slots[earlier]);
                }
            }

            slots[i] = free.TryPop(out var slot) ? slot : used++;
            if (slots[i] >= ChainBlock.Slots)
            {
                throw new NotSupportedException($"A chain keeps more than {ChainBlock.Slots} results at one time.");
            }

            yield return new((int)OperationOf(link.Primitive) | (slots[i] << 8), a, b, link.Store);
            if (form.LastUse(i) == i)
            {
                free.Push(slots[i]);
            }
        }
    }
}
