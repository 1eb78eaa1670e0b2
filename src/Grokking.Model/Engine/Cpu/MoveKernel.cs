using System.Numerics;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>Transposition, slice or padding: elements copied from one regular walk through memory to another.</summary>
internal sealed unsafe class MoveKernel<T> : Kernel<T>
    where T : unmanaged
{
    private readonly Address<T> input;
    private readonly Address<T> output;
    private readonly int perSample;
    private readonly int all;
    private readonly int walkedRows;
    private readonly int outputRow;
    private readonly int inputStart;
    private readonly int outputStart;
    private readonly bool clears;
    private readonly int[] lengths;
    private readonly int[][] steps;
    private readonly int rowFactor;

    internal MoveKernel(Movement movement, Operand input, Operand output)
    {
        this.input = new(input);
        this.output = new(output);
        perSample = output.PerSample;
        var from = input.Shape.Strides();
        var to = output.Shape.Strides();
        var walked = output.Shape;
        (var fromSteps, inputStart, outputStart) = movement switch
        {
            Transpose transpose => ([.. transpose.Order.Values.Select(axis => from[axis])], 0, 0),
            Slice slice => (from, slice.Start * from[slice.Axis], 0),
            Pad pad => (from, 0, pad.Start * to[pad.Axis]),
            _ => throw new NotSupportedException($"The engine cannot move elements by {movement.Name}."),
        };
        if (movement is Pad)
        {
            walked = input.Shape;
            clears = true;
        }

        all = output.Shape.Rank == 0 ? 1 : output.Shape[0];
        outputRow = output.Shape.RowCount();
        (lengths, steps, rowFactor) = Collapsed.Of(walked, [fromSteps, to]);
        walkedRows = walked.Rank == 0 ? 1 : walked[0];
    }

    internal override void Run(in Frame<T> frame)
    {
        var to = output.In(frame);
        if (clears)
        {
            new Span<T>(to, Rows(frame, perSample, all) * outputRow).Clear();
        }

        Walk(0, input.In(frame) + inputStart, to + outputStart, Rows(frame, perSample, walkedRows) * rowFactor);
    }

    private void Walk(int axis, T* from, T* to, int length)
    {
        var (fromStep, toStep) = (steps[0][axis], steps[1][axis]);
        if (axis < lengths.Length - 1)
        {
            for (var i = 0; i < length; i++)
            {
                Walk(axis + 1, from + ((long)i * fromStep), to + ((long)i * toStep), lengths[axis + 1]);
            }
        }
        else if (fromStep == 1 && toStep == 1)
        {
            Copy(from, to, length);
        }
        else
        {
            for (var i = 0; i < length; i++)
            {
                to[(long)i * toStep] = from[(long)i * fromStep];
            }
        }
    }

    /// <summary>Short runs, such as a head of one token: without a call for each.</summary>
    private static void Copy(T* from, T* to, int length)
    {
        var vector = Vector<byte>.Count / sizeof(T);
        var i = 0;
        for (; i <= length - vector; i += vector)
        {
            Vector.Load((byte*)(from + i)).Store((byte*)(to + i));
        }

        for (; i < length; i++)
        {
            to[i] = from[i];
        }
    }
}
