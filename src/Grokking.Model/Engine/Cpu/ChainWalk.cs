using System.Numerics;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>The walk over a chain's elements: all lines of its two innermost collapsed axes at once, block after block of the outer ones.</summary>
internal abstract unsafe class ChainWalk<T> : Kernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Operations on elements that are worth the hand-over to another thread.</summary>
    private const long PartSize = 65536;

    /// <summary>Parts of a single line begin at multiples of this many elements: a cache line of float32.</summary>
    private const int PartAlignment = 16;

    private readonly int perSample;
    private readonly int all;
    private readonly int[] lengths;
    private readonly int[][] steps;
    private readonly Address<T>[] memory;
    private readonly NativeArray<T> constants;
    private readonly int constantRun;
    private readonly Chosen[] chosen;

    /// <param name="chain">What to compute.</param>
    /// <param name="form">The same, numbered.</param>
    /// <param name="tables">The values of the indices by which views choose rows.</param>
    /// <param name="constantRun">How many copies of each constant lie side by side.</param>
    protected ChainWalk(Chain chain, ChainForm form, Func<Indices, IndexTable> tables, int constantRun)
    {
        perSample = chain.PerSample;
        all = chain.Shape.Rank == 0 ? 1 : chain.Shape[0];
        Form = form;
        (lengths, steps) = (form.Lengths, form.Steps);
        var elements = lengths.Aggregate(1L, (product, length) => product * length);
        Parts = perSample > 0 || form.Memory.Any(operand => operand.Chosen is not null) ? 0
            : (int)Math.Clamp(elements * form.Links.Length / PartSize, 0, Math.Max(1, lengths[0] / PartRows));
        memory = [.. form.Memory.Select(operand => new Address<T>(operand))];
        chosen = [.. form.Memory.Select((operand, view) => (operand, view)).Where(pair => pair.operand.Chosen is not null)
            .Select(pair => new Chosen(pair.view, tables(pair.operand.Chosen!), pair.operand.Strides[0]))];
        this.constantRun = constantRun;
        constants = new((long)form.Numbers.Length * constantRun);
        for (var i = 0; i < form.Numbers.Length; i++)
        {
            new Span<T>(constants.Pointer + (i * constantRun), constantRun).Fill(T.CreateSaturating(form.Numbers[i]));
        }
    }

    /// <summary>The chain.</summary>
    protected ChainForm Form { get; }

    protected override void Free() => constants.Dispose();

    internal sealed override int Parts { get; }

    private int PartRows => lengths.Length == 1 ? PartAlignment : 1;

    internal sealed override void RunPart(in Frame<T> frame, int part)
    {
        var each = (lengths[0] + Parts - 1) / Parts;
        each = (each + PartRows - 1) / PartRows * PartRows;
        var start = Math.Min(lengths[0], part * each);
        Run(frame, start, Math.Min(each, lengths[0] - start));
    }

    internal sealed override void Run(in Frame<T> frame) => Run(frame, 0, Rows(frame, perSample, all) * Form.RowFactor);

    /// <summary>A stretch of the outermost axis.</summary>
    private void Run(in Frame<T> frame, int start, int first)
    {
        var rank = lengths.Length;
        var inner = rank == 1 ? first : lengths[^1];
        var lines = rank == 1 ? 1 : rank == 2 ? first : lengths[^2];
        var blocks = rank <= 2 ? 1 : first;
        for (var axis = 1; axis < rank - 2; axis++)
        {
            blocks *= lengths[axis];
        }

        if (inner == 0 || lines == 0)
        {
            return;
        }

        var pointers = stackalloc T*[memory.Length + Form.Numbers.Length];
        for (var i = 0; i < memory.Length; i++)
        {
            pointers[i] = memory[i].In(frame) + ((long)start * steps[i][0]);
        }

        for (var i = 0; i < Form.Numbers.Length; i++)
        {
            pointers[memory.Length + i] = constants.Pointer + (i * constantRun);
        }

        if (chosen.Length > 0)
        {
            Rowwise(pointers, frame, lines, inner);
            return;
        }

        var position = stackalloc int[rank];
        new Span<int>(position, rank).Clear();
        for (var block = 0; block < blocks; block++)
        {
            Block(pointers, (T*)frame.Scratch, lines, inner);
            Advance(pointers, position);
        }
    }

    /// <summary>Computes lines of neighbouring elements.</summary>
    /// <param name="pointers">The first element of each view and each constant; to be left as they are.</param>
    /// <param name="scratch">Memory of <see cref="Kernel{T}.ScratchBytes"/> bytes.</param>
    /// <param name="lines">Lines, at least 1.</param>
    /// <param name="inner">Elements of a line, at least 1.</param>
    protected abstract void Block(T** pointers, T* scratch, int lines, int inner);

    /// <summary>How far a view's next line lies from its last one, in elements.</summary>
    protected int LineStep(int view) => view < memory.Length && lengths.Length > 1 ? steps[view][^2] : 0;

    /// <summary>Row after row of a matrix, with the views of chosen rows put in place for each.</summary>
    private void Rowwise(T** pointers, in Frame<T> frame, int rows, int width)
    {
        var tables = stackalloc T*[chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            tables[i] = pointers[chosen[i].View];
        }

        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < chosen.Length; i++)
            {
                pointers[chosen[i].View] = tables[i] + ((long)chosen[i].Rows.Values[(frame.First * perSample) + row] * chosen[i].Stride);
            }

            Block(pointers, (T*)frame.Scratch, 1, width);
            for (var view = 0; view < memory.Length; view++)
            {
                pointers[view] += LineStep(view);
            }
        }
    }

    /// <summary>Moves every pointer to the next block.</summary>
    private void Advance(T** pointers, int* position)
    {
        for (var axis = lengths.Length - 3; axis >= 0; axis--)
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

    /// <summary>A view whose rows are chosen by index.</summary>
    /// <param name="View">Its number.</param>
    /// <param name="Rows">Which row of the table each row is.</param>
    /// <param name="Stride">How far the table's rows lie apart, in elements.</param>
    private readonly record struct Chosen(int View, IndexTable Rows, int Stride);
}
