using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>The values of indices as kernels read them: known from the start, or filled in by name before a run.</summary>
internal sealed class IndexTable(int[] values, int bound)
{
    internal int[] Values { get; } = values;

    internal int Bound { get; } = bound;
}

/// <summary>Rows of a table by index.</summary>
internal sealed unsafe class GatherKernel<T>(IndexTable indices, Operand table, Operand output) : Kernel<T>
    where T : unmanaged
{
    private readonly Address<T> table = new(table);
    private readonly Address<T> output = new(output);
    private readonly int width = table.Shape.RowCount();
    private readonly int perSample = output.PerSample;

    internal override void Run(in Frame<T> frame)
    {
        var rows = indices.Values.AsSpan(frame.First * perSample, Rows(frame, perSample, indices.Values.Length));
        var from = this.table.In(frame);
        var to = this.output.In(frame);
        foreach (var row in rows)
        {
            new ReadOnlySpan<T>(from + ((long)row * width), width).CopyTo(new Span<T>(to, width));
            to += width;
        }
    }
}

/// <summary>Rows added up by index, in row order.</summary>
internal sealed unsafe class ScatterAddKernel<T>(IndexTable indices, Operand input, Operand output) : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Address<T> input = new(input);
    private readonly Address<T> output = new(output);
    private readonly int count = output.Shape.Count;
    private readonly int width = output.Shape.RowCount();
    private readonly int perSample = input.PerSample;

    internal override void Run(in Frame<T> frame)
    {
        var rows = indices.Values.AsSpan(frame.First * perSample, Rows(frame, perSample, indices.Values.Length));
        var from = this.input.In(frame);
        var to = this.output.In(frame);
        if (!this.output.IsPartial)
        {
            new Span<T>(to, count).Clear();
        }

        foreach (var row in rows)
        {
            Add(to + ((long)row * width), from, width);
            from += width;
        }
    }

    private static void Add(T* y, T* x, int n)
    {
        var i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
        {
            (Vector.Load(y + i) + Vector.Load(x + i)).Store(y + i);
        }

        for (; i < n; i++)
        {
            y[i] += x[i];
        }
    }
}

/// <summary>One-hot rows.</summary>
internal sealed unsafe class OneHotKernel<T>(IndexTable indices, Operand output) : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Address<T> output = new(output);
    private readonly int perSample = output.PerSample;

    internal override void Run(in Frame<T> frame)
    {
        var rows = indices.Values.AsSpan(frame.First * perSample, Rows(frame, perSample, indices.Values.Length));
        var to = this.output.In(frame);
        new Span<T>(to, rows.Length * indices.Bound).Clear();
        foreach (var row in rows)
        {
            to[row] = T.One;
            to += indices.Bound;
        }
    }
}

/// <summary>Indices as numbers.</summary>
internal sealed unsafe class NumbersKernel<T>(IndexTable indices, Operand output) : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Address<T> output = new(output);
    private readonly int perSample = output.PerSample;

    internal override void Run(in Frame<T> frame)
    {
        var rows = indices.Values.AsSpan(frame.First * perSample, Rows(frame, perSample, indices.Values.Length));
        var to = this.output.In(frame);
        for (var row = 0; row < rows.Length; row++)
        {
            to[row] = T.CreateSaturating(rows[row]);
        }
    }
}
