using System.Collections.Immutable;
using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>
/// Interprets a fused chain: for each short run of neighbouring elements all operations in turn, while the run stays in the
/// first-level cache. Only values needed elsewhere go to memory.
/// </summary>
internal sealed unsafe class ChainKernel<T> : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of a run.</summary>
    private const int RunLength = 512;

    private readonly int perSample;
    private readonly int[] lengths;
    private readonly int rowFactor;
    private readonly int all;
    private readonly Address<T>[] memory;
    private readonly int[][] steps;
    private readonly int stores;
    private readonly Op[] operations;
    private readonly int registers;
    private readonly NativeArray<T> constants;

    internal ChainKernel(Chain chain)
    {
        perSample = chain.PerSample;
        all = chain.Shape.Rank == 0 ? 1 : chain.Shape[0];
        var sources = chain.Links.SelectMany(link => link.Sources);
        ImmutableArray<Operand> reads = [.. sources.OfType<Source.Memory>().Select(source => source.Operand).Distinct(Same.View)];
        ImmutableArray<Operand> writes = [.. chain.Links.Where(link => link.Store is not null).Select(link => link.Store!)];
        ImmutableArray<double> numbers = [.. sources.OfType<Source.Number>().Select(source => source.Value).DistinctBy(BitConverter.DoubleToInt64Bits)];
        stores = reads.Length;
        memory = [.. reads.Concat(writes).Select(operand => new Address<T>(operand))];
        (lengths, steps, rowFactor) = Collapsed.Of(chain.Shape, [.. reads.Concat(writes).Select(operand => operand.Strides)]);

        constants = new((long)numbers.Length * RunLength);
        for (var i = 0; i < numbers.Length; i++)
        {
            new Span<T>(constants.Pointer + (i * RunLength), RunLength).Fill(T.CreateSaturating(numbers[i]));
        }

        (operations, registers) = Compile(chain, reads, numbers);
    }

    internal override long ScratchBytes => ((long)registers + stores) * RunLength * sizeof(T);

    protected override void Free() => constants.Dispose();

    internal override void Run(in Frame<T> frame)
    {
        var rank = lengths.Length;
        var inner = rank == 1 ? Rows(frame, perSample, all) * rowFactor : lengths[^1];
        var outer = rank == 1 ? 1 : Rows(frame, perSample, all) * rowFactor;
        for (var axis = 1; axis < rank - 1; axis++)
        {
            outer *= lengths[axis];
        }

        if (inner == 0)
        {
            return;
        }

        var scratch = (T*)frame.Scratch;
        var pointers = stackalloc T*[memory.Length];
        for (var i = 0; i < memory.Length; i++)
        {
            pointers[i] = memory[i].In(frame);
        }

        var position = stackalloc int[Math.Max(1, rank)];
        new Span<int>(position, rank).Clear();
        for (var line = 0; line < outer; line++)
        {
            Line(pointers, scratch, inner);
            Advance(pointers, position);
        }
    }

    /// <summary>All runs of one line of the innermost axis.</summary>
    private void Line(T** pointers, T* scratch, int inner)
    {
        var runs = stackalloc T*[memory.Length];
        for (var start = 0; start < inner; start += RunLength)
        {
            var n = Math.Min(RunLength, inner - start);
            for (var i = 0; i < memory.Length; i++)
            {
                var step = steps[i][^1];
                runs[i] = step == 1 ? pointers[i] + start : Gathered(pointers[i] + ((long)start * step), step, scratch + ((registers + i) * RunLength), start == 0 || step != 0, n);
            }

            foreach (ref readonly var operation in operations.AsSpan())
            {
                var a = At(operation.A, runs, scratch);
                var b = At(operation.B, runs, scratch);
                var y = At(operation.Y, runs, scratch);
                operation.Loop(y, a, b, n);
            }
        }
    }

    /// <summary>A run of elements that do not lie side by side, or one element repeated.</summary>
    private static T* Gathered(T* from, int step, T* to, bool refresh, int n)
    {
        if (step == 0 && refresh)
        {
            new Span<T>(to, n).Fill(*from);
        }
        else if (step != 0)
        {
            for (var i = 0; i < n; i++)
            {
                to[i] = from[(long)i * step];
            }
        }

        return to;
    }

    private T* At(Place place, T** runs, T* scratch) => place.Kind switch
    {
        PlaceKind.Memory => runs[place.Index],
        PlaceKind.Constant => constants.Pointer + (place.Index * RunLength),
        _ => scratch + (place.Index * RunLength),
    };

    /// <summary>Moves every pointer to the next line.</summary>
    private void Advance(T** pointers, int* position)
    {
        for (var axis = lengths.Length - 2; axis >= 0; axis--)
        {
            var wraps = axis > 0 && position[axis] + 1 == lengths[axis];
            var move = wraps ? -position[axis] : 1;
            position[axis] += move;
            for (var i = 0; i < memory.Length; i++)
            {
                pointers[i] += (long)move * steps[i][axis];
            }

            if (!wraps)
            {
                return;
            }
        }
    }

    private (Op[] Operations, int Registers) Compile(Chain chain, ImmutableArray<Operand> reads, ImmutableArray<double> numbers)
    {
        var results = new Place[chain.Links.Length];
        var free = new Stack<int>();
        var used = 0;
        var compiled = new Op[chain.Links.Length];
        var store = stores;
        for (var i = 0; i < compiled.Length; i++)
        {
            var link = chain.Links[i];
            Place Argument(int place) => link.Sources[Math.Min(place, link.Sources.Length - 1)] switch
            {
                Source.Memory value => new(PlaceKind.Memory, reads.IndexOf(value.Operand, Same.View)),
                Source.Earlier earlier => results[earlier.Link],
                Source.Number number => new(PlaceKind.Constant, Array.FindIndex([.. numbers], value => BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(number.Value))),
                var other => throw new NotSupportedException($"A chain cannot read {other}."),
            };

            var (a, b) = (Argument(0), Argument(1));
            foreach (var last in Enumerable.Range(0, i).Where(earlier => results[earlier].Kind == PlaceKind.Register && LastUse(chain, earlier) == i))
            {
                free.Push(results[last].Index);
            }

            results[i] = link.Store is not null ? new(PlaceKind.Memory, store++) : new(PlaceKind.Register, free.TryPop(out var register) ? register : used++);
            compiled[i] = new(ElementwiseLoops<T>.For(link.Primitive), a, b, results[i]);
        }

        return (compiled, used);
    }

    private static int LastUse(Chain chain, int link)
    {
        for (var i = chain.Links.Length - 1; i > link; i--)
        {
            if (chain.Links[i].Sources.Any(source => source is Source.Earlier earlier && earlier.Link == link))
            {
                return i;
            }
        }

        return link;
    }

    private enum PlaceKind
    {
        Register,
        Memory,
        Constant,
    }

    private readonly record struct Place(PlaceKind Kind, int Index);

    private readonly struct Op(delegate*<T*, T*, T*, int, void> loop, Place a, Place b, Place y)
    {
        internal readonly delegate*<T*, T*, T*, int, void> Loop = loop;
        internal readonly Place A = a;
        internal readonly Place B = b;
        internal readonly Place Y = y;
    }

    /// <summary>Two operands are one when they are the same view of the same memory.</summary>
    private sealed class Same : IEqualityComparer<Operand>
    {
        internal static Same View { get; } = new();

        public bool Equals(Operand? x, Operand? y) =>
            x!.Region == y!.Region && x.Offset == y.Offset && x.Shape.Equals(y.Shape) && x.Strides.SequenceEqual(y.Strides) && x.PerSample == y.PerSample;

        public int GetHashCode(Operand operand) => HashCode.Combine(operand.Region, operand.Offset);
    }
}
