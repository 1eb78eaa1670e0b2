using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>What the test of a conditional looks at: the representative in 0 … p-1 as an integer.</summary>
public enum Parity
{
    /// <summary>The representative is even; 0 is.</summary>
    Even,

    /// <summary>The representative is odd.</summary>
    Odd,
}

/// <summary>
/// A task as a formula over its operands, such as <c>x^2 + x*y</c> or <c>if odd(y) then x / y else x - y</c>. The formula has no
/// modulus; <see cref="ArithmeticTask"/> gives it one. A closed hierarchy of immutable records: equality is structural.
/// <see cref="TaskParser"/> reads the text that <see cref="ToString"/> writes.
/// </summary>
public abstract record TaskExpression
{
    /// <summary>How many nodes an expression of a task may have; far beyond any task, and shallow enough for every stack.</summary>
    public const int MaximumSize = 500;

    /// <summary>How many operands a task may have: beyond it even p = 2 makes too many samples.</summary>
    public const int MaximumOperands = 23;

    private TaskExpression() { }

    /// <summary>A non-negative integer.</summary>
    public sealed record Constant : TaskExpression
    {
        /// <summary>The constant of a value.</summary>
        /// <param name="value">0 or more; a negative number is a <see cref="Negation"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
        public Constant(int value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Value = value;
        }

        /// <summary>The integer, not yet reduced by a modulus.</summary>
        public int Value { get; }
    }

    /// <summary>One of the operands.</summary>
    public sealed record Operand : TaskExpression
    {
        /// <summary>The operand at a position.</summary>
        /// <param name="index">0 for x (or x1), 1 for y (or x2), …</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
        public Operand(int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaximumOperands);
            Index = index;
        }

        /// <summary>The position, from 0.</summary>
        public int Index { get; }
    }

    /// <summary>-Inner.</summary>
    /// <param name="Inner">What is negated.</param>
    public sealed record Negation(TaskExpression Inner) : TaskExpression;

    /// <summary>Left + Right.</summary>
    /// <param name="Left">The first summand.</param>
    /// <param name="Right">The second summand.</param>
    public sealed record Sum(TaskExpression Left, TaskExpression Right) : TaskExpression;

    /// <summary>Left - Right.</summary>
    /// <param name="Left">The minuend.</param>
    /// <param name="Right">The subtrahend.</param>
    public sealed record Difference(TaskExpression Left, TaskExpression Right) : TaskExpression;

    /// <summary>Left * Right.</summary>
    /// <param name="Left">The first factor.</param>
    /// <param name="Right">The second factor.</param>
    public sealed record Product(TaskExpression Left, TaskExpression Right) : TaskExpression;

    /// <summary>The z with z * Divisor = Dividend: true division, undefined where the divisor is 0.</summary>
    /// <param name="Dividend">What is divided.</param>
    /// <param name="Divisor">What it is divided by.</param>
    public sealed record Quotient(TaskExpression Dividend, TaskExpression Divisor) : TaskExpression;

    /// <summary>Base ^ Exponent; everything to the power 0 is 1.</summary>
    public sealed record Power : TaskExpression
    {
        /// <summary>A power.</summary>
        /// <param name="base">What is raised.</param>
        /// <param name="exponent">An integer, 0 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="exponent"/> is negative.</exception>
        public Power(TaskExpression @base, int exponent)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(exponent);
            Base = @base;
            Exponent = exponent;
        }

        /// <summary>What is raised.</summary>
        public TaskExpression Base { get; }

        /// <summary>The exponent, an integer and not a residue.</summary>
        public int Exponent { get; }
    }

    /// <summary>if odd(Test) then Then else Else (or even); only the branch taken needs to be defined.</summary>
    /// <param name="Parity">Which parity takes the first branch.</param>
    /// <param name="Test">Whose representative in 0 … p-1 is looked at.</param>
    /// <param name="Then">The value where the parity is as asked.</param>
    /// <param name="Else">The value elsewhere.</param>
    public sealed record Conditional(Parity Parity, TaskExpression Test, TaskExpression Then, TaskExpression Else) : TaskExpression;

    /// <summary>The expressions that this one is made of, left to right; none for a constant or an operand.</summary>
    public IReadOnlyList<TaskExpression> Parts => this switch
    {
        Negation e => [e.Inner],
        Sum e => [e.Left, e.Right],
        Difference e => [e.Left, e.Right],
        Product e => [e.Left, e.Right],
        Quotient e => [e.Dividend, e.Divisor],
        Power e => [e.Base],
        Conditional e => [e.Test, e.Then, e.Else],
        _ => [],
    };

    /// <summary>This expression and every one inside it, outermost first. Needs no stack, however deep the expression is.</summary>
    /// <returns>The nodes; a part that stands in two places comes twice.</returns>
    public IEnumerable<TaskExpression> Nodes()
    {
        var waiting = new Stack<TaskExpression>([this]);
        while (waiting.TryPop(out TaskExpression? node))
        {
            yield return node;
            foreach (TaskExpression part in node.Parts.Reverse())
            {
                waiting.Push(part);
            }
        }
    }

    /// <summary>How many operands a task with this formula has at least: the highest position in it; 0 for a constant formula.</summary>
    /// <returns>0 to <see cref="MaximumOperands"/>.</returns>
    public int CountOperands() => Nodes().OfType<Operand>().Select(operand => operand.Index + 1).DefaultIfEmpty(0).Max();

    /// <summary>
    /// The formula with as few parentheses as its meaning allows; its operands are x and y, or x1, x2, … if there are more.
    /// </summary>
    /// <returns>A text that <see cref="TaskParser.Parse"/> reads back as an equal expression.</returns>
    public sealed override string ToString() => TaskPrinter.Print(this);

    internal static string OperandName(int index, bool numbered) =>
        numbered ? string.Create(CultureInfo.InvariantCulture, $"x{index + 1}") : index == 0 ? "x" : "y";
}
