using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Grokking.Arithmetic;

/// <summary>
/// The value of a task at every operand tuple, in lexicographic order with the last operand fastest: for two operands the value at
/// (n, m) is entry p n + m.
/// </summary>
public sealed class TaskTable
{
    /// <summary>Stands where the task is not defined.</summary>
    public const int Undefined = BlockEvaluation.Undefined;

    private const int BlockLength = 4096;

    private TaskTable(Modulus modulus, int operandCount, ImmutableArray<int> values)
    {
        Modulus = modulus;
        OperandCount = operandCount;
        Values = values;
    }

    /// <summary>p.</summary>
    public Modulus Modulus { get; }

    /// <summary>K.</summary>
    public int OperandCount { get; }

    /// <summary>p^K entries: a residue, or <see cref="Undefined"/>.</summary>
    public ImmutableArray<int> Values { get; }

    /// <summary>A table of two operands that need not come from a formula.</summary>
    /// <param name="modulus">p.</param>
    /// <param name="values">p^2 entries, the value at (n, m) at p n + m: a residue, or <see cref="Undefined"/>.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentException">There are not p^2 entries, or one of them is neither.</exception>
    public static TaskTable Of(Modulus modulus, ImmutableArray<int> values)
    {
        ArgumentNullException.ThrowIfNull(modulus);
        if (values.Length != (long)modulus.Value * modulus.Value || values.Any(value => value < Undefined || value >= modulus.Value))
        {
            throw new ArgumentException($"A table modulo {modulus} has its square of entries from {Undefined} to one below it.", nameof(values));
        }
        return new TaskTable(modulus, 2, values);
    }

    /// <summary>The value of a two-operand task.</summary>
    /// <param name="x">The first operand, a residue.</param>
    /// <param name="y">The second operand, a residue.</param>
    public int this[int x, int y] => Values[(x * Modulus.Value) + y];

    /// <summary>The residue of one operand in one tuple.</summary>
    /// <param name="tuple">The tuple's place in the order, 0 to p^K-1.</param>
    /// <param name="operand">The operand's position, 0 to K-1.</param>
    /// <returns>The digit of <paramref name="tuple"/> in base p, the first operand being the highest.</returns>
    public int Operand(int tuple, int operand)
    {
        for (int faster = OperandCount - 1; faster > operand; faster--)
        {
            tuple /= Modulus.Value;
        }
        return tuple % Modulus.Value;
    }

    internal static TaskTable Of(ArithmeticTask task) => Of(task.Expression, task.Modulus, task.OperandCount, task.TupleCount);

    internal static TaskTable Of(TaskExpression expression, Modulus modulus, int operandCount, int tupleCount)
    {
        var values = new int[tupleCount];
        var evaluation = new BlockEvaluation(modulus);
        int[][] operands = [.. Enumerable.Range(0, operandCount).Select(_ => new int[BlockLength])];
        var tuple = new int[operandCount];
        for (int start = 0; start < tupleCount; start += BlockLength)
        {
            int length = Math.Min(BlockLength, tupleCount - start);
            for (int i = 0; i < length; i++)
            {
                for (int k = 0; k < operandCount; k++)
                {
                    operands[k][i] = tuple[k];
                }
                Increment(tuple, modulus.Value);
            }
            evaluation.Evaluate(expression, operands, values.AsSpan(start, length));
        }
        return new TaskTable(modulus, operandCount, ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    private static void Increment(int[] tuple, int modulus)
    {
        for (int k = tuple.Length - 1; k >= 0; k--)
        {
            tuple[k] = tuple[k] + 1 == modulus ? 0 : tuple[k] + 1;
            if (tuple[k] != 0)
            {
                return;
            }
        }
    }
}
