using System.Numerics;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>
/// Interprets a fused chain: for each short run of neighbouring elements all operations in turn, while the run stays in the
/// first-level cache. Only values needed elsewhere go to memory. It says what a chain means; <see cref="CompiledChainKernel{T}"/> is faster.
/// </summary>
internal sealed unsafe class ChainKernel<T> : ChainWalk<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of a run.</summary>
    private const int RunLength = 512;

    private readonly Op[] operations;
    private readonly int registers;

    internal ChainKernel(Chain chain, ChainForm form, Func<Indices, IndexTable> tables)
        : base(chain, form, tables, RunLength) => (operations, registers) = Allocate(form);

    /// <summary>A run for each register, and one for each view whose elements do not lie side by side.</summary>
    internal override long ScratchBytes => ((long)registers + Form.Memory.Length) * RunLength * sizeof(T);

    protected override void Block(T** pointers, T* scratch, int lines, int inner)
    {
        var line = stackalloc T*[Form.Memory.Length];
        var runs = stackalloc T*[Form.Memory.Length + Form.Numbers.Length];
        for (var i = 0; i < Form.Memory.Length; i++)
        {
            line[i] = pointers[i];
        }

        for (var i = Form.Memory.Length; i < Form.Memory.Length + Form.Numbers.Length; i++)
        {
            runs[i] = pointers[i];
        }

        for (; lines > 0; lines--)
        {
            Line(line, runs, scratch, inner);
            for (var i = 0; i < Form.Memory.Length; i++)
            {
                line[i] += LineStep(i);
            }
        }
    }

    /// <summary>All runs of one line.</summary>
    private void Line(T** line, T** runs, T* scratch, int inner)
    {
        for (var start = 0; start < inner; start += RunLength)
        {
            var n = Math.Min(RunLength, inner - start);
            for (var i = 0; i < Form.Memory.Length; i++)
            {
                var step = Form.InnerStep(i);
                runs[i] = step == 1 ? line[i] + start
                    : Gathered(line[i] + ((long)start * step), step, scratch + ((registers + i) * RunLength), start == 0 || step != 0, n);
            }

            foreach (ref readonly var operation in operations.AsSpan())
            {
                operation.Loop(At(operation.Y, runs, scratch), At(operation.A, runs, scratch), At(operation.B, runs, scratch), n);
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

    private static T* At(Place place, T** runs, T* scratch) => place.IsRegister ? scratch + (place.Index * RunLength) : runs[place.Index];

    /// <summary>Gives every result that is not stored a register; a register is free again after its last use.</summary>
    private static (Op[] Operations, int Registers) Allocate(ChainForm form)
    {
        var results = new Place[form.Links.Length];
        var free = new Stack<int>();
        var used = 0;
        var operations = new Op[form.Links.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            var link = form.Links[i];
            Place At(Argument argument) => argument.IsResult ? results[argument.Index] : new(false, argument.Index);

            var (a, b) = (At(link.A), At(link.B));
            foreach (var last in Enumerable.Range(0, i).Where(earlier => results[earlier].IsRegister && form.LastUse(earlier) == i))
            {
                free.Push(results[last].Index);
            }

            results[i] = link.IsStored ? new(false, link.Store) : new(true, free.TryPop(out var register) ? register : used++);
            operations[i] = new(ElementwiseLoops<T>.For(link.Primitive), a, b, results[i]);
        }

        return (operations, used);
    }

    /// <summary>A register by its number, or a view or constant by its own.</summary>
    private readonly record struct Place(bool IsRegister, int Index);

    private readonly struct Op(delegate*<T*, T*, T*, int, void> loop, Place a, Place b, Place y)
    {
        internal readonly delegate*<T*, T*, T*, int, void> Loop = loop;
        internal readonly Place A = a;
        internal readonly Place B = b;
        internal readonly Place Y = y;
    }
}
