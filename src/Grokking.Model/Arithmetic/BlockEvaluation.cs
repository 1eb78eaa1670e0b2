// A block is a run of operand tuples, one span per operand. Values are residues; Undefined marks a tuple where a division
// by 0 was reached, and every operation passes it on.
namespace Grokking.Arithmetic;

/// <summary>Evaluates a formula over a block of operand tuples, one operation over the whole block at a time.</summary>
internal sealed class BlockEvaluation(Modulus modulus)
{
    public const int Undefined = -1;

    private readonly Dictionary<int, int> inverses = [];
    private readonly Stack<int[]> scratch = [];

    /// <summary>Writes the value at each tuple of the block.</summary>
    /// <param name="expression">A formula whose divisions the modulus allows.</param>
    /// <param name="operands">Per operand its residues, as long as <paramref name="values"/> or longer.</param>
    /// <param name="values">Receives a residue or <see cref="Undefined"/> per tuple.</param>
    public void Evaluate(TaskExpression expression, int[][] operands, Span<int> values)
    {
        switch (expression)
        {
            case TaskExpression.Constant e:
                values.Fill(modulus.Reduce(e.Value));
                break;
            case TaskExpression.Operand e:
                operands[e.Index].AsSpan(0, values.Length).CopyTo(values);
                break;
            case TaskExpression.Negation e:
                Evaluate(e.Inner, operands, values);
                foreach (ref int value in values)
                {
                    value = value > 0 ? modulus.Value - value : value;
                }
                break;
            case TaskExpression.Power e:
                Evaluate(e.Base, operands, values);
                foreach (ref int value in values)
                {
                    value = value < 0 ? value : modulus.Power(value, e.Exponent);
                }
                break;
            case TaskExpression.Sum e:
                Combine(e.Left, e.Right, operands, values, modulus.Add);
                break;
            case TaskExpression.Difference e:
                Combine(e.Left, e.Right, operands, values, modulus.Subtract);
                break;
            case TaskExpression.Product e:
                Combine(e.Left, e.Right, operands, values, modulus.Multiply);
                break;
            case TaskExpression.Quotient e:
                Combine(e.Dividend, e.Divisor, operands, values, Divide);
                break;
            case TaskExpression.Conditional e:
                Choose(e, operands, values);
                break;
        }
    }

    private void Combine(TaskExpression left, TaskExpression right, int[][] operands, Span<int> values, Func<int, int, int> operation)
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

    private void Choose(TaskExpression.Conditional conditional, int[][] operands, Span<int> values)
    {
        int[] then = Borrow(values.Length), otherwise = Borrow(values.Length);
        Evaluate(conditional.Test, operands, values);
        Evaluate(conditional.Then, operands, then.AsSpan(0, values.Length));
        Evaluate(conditional.Else, operands, otherwise.AsSpan(0, values.Length));
        int wanted = conditional.Parity == Parity.Odd ? 1 : 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] < 0 ? Undefined : (values[i] & 1) == wanted ? then[i] : otherwise[i];
        }
        scratch.Push(then);
        scratch.Push(otherwise);
    }

    private int Divide(int dividend, int divisor)
    {
        if (divisor == 0)
        {
            return Undefined;
        }
        if (!inverses.TryGetValue(divisor, out int inverse))
        {
            inverse = modulus.Inverse(divisor);
            inverses.Add(divisor, inverse);
        }
        return modulus.Multiply(dividend, inverse);
    }

    private int[] Borrow(int length) => scratch.TryPop(out int[]? free) && free.Length >= length ? free : new int[length];
}
