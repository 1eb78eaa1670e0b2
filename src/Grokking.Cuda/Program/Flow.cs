using System.Collections.Immutable;
using Grokking.Engine;

namespace Grokking.Cuda.Program;

/// <summary>
/// Who reads what in a list of instructions. Memory is used again and again, so a value is an instruction and a place that it writes: whoever reads the place later reads the value, until another
/// instruction writes there.
/// </summary>
internal sealed class Flow(ImmutableArray<Instruction> instructions)
{
    /// <summary>The instructions, in order.</summary>
    internal ImmutableArray<Instruction> Instructions => instructions;

    /// <summary>The instructions that read what one writes to a place, ascending.</summary>
    internal IEnumerable<int> Readers(int writer, Operand place)
    {
        for (var i = writer + 1; i < instructions.Length; i++)
        {
            if (Reads(instructions[i]).Any(read => Overlap(read, place)))
            {
                yield return i;
            }

            if (Writes(instructions[i]).Any(written => Overlap(written, place)))
            {
                yield break;
            }
        }
    }

    /// <summary>Whether two views are of the same elements in the same order.</summary>
    internal static bool AreSame(Operand a, Operand b) =>
        a.Region == b.Region && a.Offset == b.Offset && a.Shape.Equals(b.Shape) && a.Strides.AsSpan().SequenceEqual(b.Strides.AsSpan()) && Equals(a.Chosen, b.Chosen);

    private static IEnumerable<Operand> Reads(Instruction instruction) => instruction switch
    {
        Application application => application.Inputs,
        Chain chain => chain.Links.SelectMany(link => link.Sources).OfType<Source.Memory>().Select(source => source.Operand),
        FusedInstruction fused => fused.Reads,
        _ => throw new NotSupportedException($"The CUDA program does not know the instruction {instruction.GetType().Name}."),
    };

    private static IEnumerable<Operand> Writes(Instruction instruction) => instruction switch
    {
        Application application => [application.Output],
        Chain chain => chain.Links.Select(link => link.Store).OfType<Operand>(),
        FusedInstruction fused => fused.Writes,
        _ => throw new NotSupportedException($"The CUDA program does not know the instruction {instruction.GetType().Name}."),
    };

    private static bool Overlap(Operand a, Operand b) => a.Region == b.Region && a.Offset < End(b) && b.Offset < End(a);

    private static long End(Operand operand)
    {
        var end = operand.Offset + 1L;
        for (var axis = 0; axis < operand.Shape.Rank; axis++)
        {
            var length = axis == 0 && operand.Chosen is { } rows ? rows.Bound : operand.Shape[axis];
            end += (long)operand.Strides[axis] * Math.Max(0, length - 1);
        }

        return end;
    }
}

/// <summary>Several instructions of a plan that one kernel does.</summary>
internal abstract record FusedInstruction : Instruction
{
    /// <summary>What it reads.</summary>
    internal abstract ImmutableArray<Operand> Reads { get; }

    /// <summary>What it writes.</summary>
    internal abstract ImmutableArray<Operand> Writes { get; }
}
