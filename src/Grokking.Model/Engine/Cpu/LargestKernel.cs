using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>The largest element of each row of the last axis, or its place (the lowest among equals); NaN counts as the largest.</summary>
internal sealed unsafe class LargestKernel<T>(Operand input, Operand output, bool place) : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Address<T> input = new(input);
    private readonly Address<T> output = new(output);
    private readonly int perSample = input.PerSample;
    private readonly int all = input.Shape.Rank == 1 ? 1 : input.Shape[0];
    private readonly int width = input.Shape[input.Shape.Rank - 1];
    private readonly int linesPerRow = output.Shape.Rank == 1 ? 1 : output.Shape.RowCount();

    internal override void Run(in Frame<T> frame)
    {
        var lines = Rows(frame, perSample, all) * linesPerRow;
        var x = this.input.In(frame);
        var y = this.output.In(frame);
        var lanes = stackalloc T[Vector<T>.Count];
        for (var line = 0; line < lines; line++, x += width)
        {
            var best = First(x, lanes);
            y[line] = place ? T.CreateSaturating(best) : x[best];
        }
    }

    /// <summary>The largest value in lanes first, then the first place that holds it.</summary>
    private int First(T* x, T* lanes)
    {
        var count = Vector<T>.Count;
        if (width < 2 * count)
        {
            return Plain(x);
        }

        var largest = Vector.Load(x);
        var finite = Vector.Equals(largest, largest);
        for (var i = count; i <= width - count; i += count)
        {
            var next = Vector.Load(x + i);
            largest = Vector.MaxNative(largest, next);
            finite &= Vector.Equals(next, next);
        }

        // The last lanes once more, so that none is left over; a largest element is no larger for being seen twice.
        var last = Vector.Load(x + width - count);
        largest = Vector.MaxNative(largest, last);
        finite &= Vector.Equals(last, last);
        if (!Vector.EqualsAll(finite.As<T, byte>(), Vector<byte>.AllBitsSet))
        {
            return Plain(x);
        }

        largest.Store(lanes);
        var best = lanes[0];
        for (var lane = 1; lane < count; lane++)
        {
            best = lanes[lane] > best ? lanes[lane] : best;
        }

        var place = 0;
        var wanted = new Vector<T>(best);
        while (place <= width - count && !Vector.EqualsAny(Vector.Load(x + place), wanted))
        {
            place += count;
        }

        while (x[place] != best)
        {
            place++;
        }

        return place;
    }

    private int Plain(T* x)
    {
        var best = 0;
        for (var i = 1; i < width; i++)
        {
            if (x[i] > x[best] || (T.IsNaN(x[i]) && !T.IsNaN(x[best])))
            {
                best = i;
            }
        }

        return best;
    }
}
