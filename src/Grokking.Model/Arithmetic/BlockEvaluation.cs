// A block is a run of operand tuples, one span per operand. Values are residues; Undefined marks a tuple where a division
// by 0 or a missing value of a function was reached, and every operation passes it on.
using System.Collections.Immutable;

namespace Grokking.Arithmetic;

/// <summary>Evaluates a formula over a block of operand tuples, one operation over the whole block at a time.</summary>
internal sealed class BlockEvaluation(Modulus modulus)
{
    public const int Undefined = -1;

    private readonly Dictionary<int, int> inverses = [];
    private readonly Dictionary<TaskFunction, TaskFunction.Meaning> meanings = [];
    private readonly Stack<int[]> scratch = [];

    public Modulus Modulus { get; } = modulus;

    /// <summary>Writes the value at each tuple of the block.</summary>
    /// <param name="expression">A formula whose divisions and functions the modulus allows.</param>
    /// <param name="operands">Per operand its residues, as long as <paramref name="values"/> or longer.</param>
    /// <param name="values">Receives a residue or <see cref="Undefined"/> per tuple.</param>
    public void Evaluate(TaskExpression expression, int[][] operands, Span<int> values) => expression.Evaluate(this, operands, values);

    public void Map(TaskExpression inner, int[][] operands, Span<int> values, Func<int, int> operation)
    {
        Evaluate(inner, operands, values);
        foreach (ref int value in values)
        {
            value = value < 0 ? Undefined : operation(value);
        }
    }

    public void Combine(TaskExpression left, TaskExpression right, int[][] operands, Span<int> values, Func<int, int, int> operation)
    {
        Evaluate(left, operands, values);
        int[] others = Borrow(values.Length);
        Evaluate(right, operands, others.AsSpan(0, values.Length));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] < 0 || others[i] < 0 ? Undefined : operation(values[i], others[i]);
        }
        scratch.Push(others);
    }

    public void Apply(TaskFunction function, ImmutableArray<TaskExpression> arguments, int[][] operands, Span<int> values)
    {
        if (!meanings.TryGetValue(function, out TaskFunction.Meaning? meaning))
        {
            meanings.Add(function, meaning = function.In(Modulus));
        }
        var columns = new int[arguments.Length][];
        for (int k = 0; k < columns.Length; k++)
        {
            columns[k] = Borrow(values.Length);
            Evaluate(arguments[k], operands, columns[k].AsSpan(0, values.Length));
        }
        var tuple = new int[columns.Length];
        for (int i = 0; i < values.Length; i++)
        {
            bool isDefined = true;
            for (int k = 0; k < tuple.Length; k++)
            {
                tuple[k] = columns[k][i];
                isDefined &= tuple[k] >= 0;
            }
            values[i] = isDefined ? meaning(tuple) : Undefined;
        }
        Array.ForEach(columns, scratch.Push);
    }

    public void Choose(TaskExpression.Conditional conditional, int[][] operands, Span<int> values)
    {
        int[] then = Borrow(values.Length), otherwise = Borrow(values.Length);
        Evaluate(conditional.Test, operands, values);
        Evaluate(conditional.Then, operands, then.AsSpan(0, values.Length));
        Evaluate(conditional.Else, operands, otherwise.AsSpan(0, values.Length));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] < 0 ? Undefined : values[i] != 0 ? then[i] : otherwise[i];
        }
        scratch.Push(then);
        scratch.Push(otherwise);
    }

    public int Divide(int dividend, int divisor)
    {
        if (divisor == 0)
        {
            return Undefined;
        }
        if (!inverses.TryGetValue(divisor, out int inverse))
        {
            inverse = Modulus.Inverse(divisor);
            inverses.Add(divisor, inverse);
        }
        return Modulus.Multiply(dividend, inverse);
    }

    private int[] Borrow(int length) => scratch.TryPop(out int[]? free) && free.Length >= length ? free : new int[length];
}
