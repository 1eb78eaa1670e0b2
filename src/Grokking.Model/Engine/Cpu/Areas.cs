using System.Numerics;
using System.Numerics.Tensors;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>The memory of a program: an area for each region of its plan, some of them once for each thread or shard.</summary>
/// <typeparam name="T">The precision: float or double.</typeparam>
internal sealed unsafe class Areas<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ColumnsAtOnce = 16;

    private readonly Plan plan;
    private readonly NativeArray<T> whole;
    private readonly NativeArray<T> tiles;
    private readonly NativeArray<T> partials;
    private readonly NativeArray<double> partialSums;
    private readonly NativeArray<byte> scratch;
    private readonly long scratchPerWorker;
    private NativeArray<T> present;
    private NativeArray<T> next;

    /// <summary>Reserves them.</summary>
    /// <param name="plan">What is to be run.</param>
    /// <param name="threads">Threads that run it.</param>
    /// <param name="scratchBytes">What a kernel needs at most on each of them.</param>
    internal Areas(Plan plan, int threads, long scratchBytes)
    {
        this.plan = plan;
        var shards = Math.Max(1, plan.Tiling.Shards);
        whole = new(plan.Sizes[Region.Whole]);
        present = new(plan.Sizes[Region.Present]);
        next = new(plan.Sizes[Region.Next]);
        tiles = new((long)plan.Sizes[Region.Tile] * threads);
        partials = new((long)plan.Sizes[Region.Partial] * shards);
        partialSums = new((long)plan.Sizes[Region.PartialSum] * shards);
        scratchPerWorker = (scratchBytes + 63) / 64 * 64;
        scratch = new(scratchPerWorker * threads);
    }

    public void Dispose()
    {
        whole.Dispose();
        present.Dispose();
        next.Dispose();
        tiles.Dispose();
        partials.Dispose();
        partialSums.Dispose();
        scratch.Dispose();
    }

    /// <summary>The memory of each region for a worker on a shard.</summary>
    internal Frame<T> For(int worker, int shard) => new()
    {
        Whole = whole.Pointer,
        Present = present.Pointer,
        Next = next.Pointer,
        Tile = tiles.Pointer + ((long)plan.Sizes[Region.Tile] * worker),
        Partial = partials.Pointer + ((long)plan.Sizes[Region.Partial] * shard),
        PartialSum = partialSums.Pointer + ((long)plan.Sizes[Region.PartialSum] * shard),
        Scratch = scratch.Pointer + (scratchPerWorker * worker),
        First = 0,
        Samples = 0,
    };

    /// <summary>What was to come is there.</summary>
    internal void Advance() => (present, next) = (next, present);

    /// <summary>Exchanges the present with that of another program that has the same places there.</summary>
    internal void Exchange(Areas<T> other) => (present, other.present) = (other.present, present);

    /// <summary>Copies a value of another program to a place of the same shape.</summary>
    internal void Copy(Operand to, Areas<T> others, Operand from)
    {
        if (from.Strides.AsSpan().SequenceEqual(to.Strides.AsSpan()))
        {
            new ReadOnlySpan<T>(others.First(from), from.Shape.Count).CopyTo(new(First(to), to.Shape.Count));
            return;
        }

        var (rows, columns, down, across) = Layout(to);
        var (_, _, downFrom, acrossFrom) = Layout(from);
        for (var row = 0; row < rows; row++)
        {
            var target = First(to) + (row * down);
            var source = others.First(from) + (row * downFrom);
            for (var column = 0; column < columns; column++)
            {
                target[column * across] = source[column * acrossFrom];
            }
        }
    }

    /// <summary>Writes a value, rounded to the precision.</summary>
    internal void Write(Operand place, Dense value)
    {
        var values = value.Span;
        var (rows, columns, down, across) = Layout(place);
        for (var row = 0; row < rows; row++)
        {
            var first = First(place) + (row * down);
            for (var column = 0; column < columns; column++)
            {
                first[column * across] = T.CreateSaturating(values[(row * columns) + column]);
            }
        }
    }

    /// <summary>A copy of a value.</summary>
    internal Dense Read(Operand place)
    {
        var values = GC.AllocateUninitializedArray<double>(place.Shape.Count);
        var (rows, columns, down, across) = Layout(place);
        // Where a row's elements lie far apart, some columns at a time: their neighbours in the next rows are then still near.
        var width = across == 1 ? columns : ColumnsAtOnce;
        for (var start = 0; start < columns; start += width)
        {
            for (var row = 0; row < rows; row++)
            {
                var first = First(place) + (row * down) + (start * across);
                var into = values.AsSpan((row * columns) + start, Math.Min(width, columns - start));
                if (across == 1)
                {
                    TensorPrimitives.ConvertSaturating(new ReadOnlySpan<T>(first, into.Length), into);
                    continue;
                }

                for (var column = 0; column < into.Length; column++)
                {
                    into[column] = double.CreateSaturating(first[column * across]);
                }
            }
        }

        return Dense.Own(place.Shape, values);
    }

    /// <summary>Rows one after the other, or a matrix kept transposed; a value of another rank is one row.</summary>
    private static (int Rows, int Columns, int Down, int Across) Layout(Operand place) => place.Shape.Rank == 2
        ? (place.Shape[0], place.Shape[1], place.Strides[0], place.Strides[1])
        : (1, place.Shape.Count, 0, 1);

    /// <summary>Where its first element lies; its region is the whole program's.</summary>
    internal T* First(Operand operand) => operand.Offset + operand.Region switch
    {
        Region.Present => present.Pointer,
        Region.Next => next.Pointer,
        Region.Whole => whole.Pointer,
        _ => throw new ArgumentException($"A value of the region {operand.Region} is not the program's alone.", nameof(operand)),
    };
}
