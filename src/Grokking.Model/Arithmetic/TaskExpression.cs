using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>
/// A task as a formula over its operands, such as <c>x^2 + x*y</c> or <c>if odd(y) then x / y else x - y</c>. The formula has no
/// modulus; <see cref="ArithmeticTask"/> gives it one. A closed hierarchy of immutable records: equality is structural.
/// <see cref="TaskParser"/> reads the text that <see cref="ToString"/> writes. Each kind of node says itself what it is made of, how it is
/// written and what it means.
/// </summary>
public abstract partial record TaskExpression
{
    /// <summary>How many nodes an expression of a task may have; far beyond any task, and shallow enough for every stack.</summary>
    public const int MaximumSize = 500;

    /// <summary>How many operands a task may have: beyond it even p = 2 makes too many samples.</summary>
    public const int MaximumOperands = 23;

    private TaskExpression() { }

    /// <summary>The expressions that this one is made of, left to right; none for a constant or an operand.</summary>
    public IReadOnlyList<TaskExpression> Parts => Inside;

    /// <summary>How tightly the node holds its parts together, which decides where it needs parentheses.</summary>
    internal abstract TaskBinding Binding { get; }

    private protected abstract IReadOnlyList<TaskExpression> Inside { get; }

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

    /// <summary>Writes the node; the printer adds the parentheses around it.</summary>
    internal abstract void Write(TaskPrinter printer);

    /// <summary>Writes the node's value at each tuple of a block: a residue, or <see cref="BlockEvaluation.Undefined"/>.</summary>
    internal abstract void Evaluate(BlockEvaluation block, int[][] operands, Span<int> values);

    internal static string OperandName(int index, bool numbered) =>
        numbered ? string.Create(CultureInfo.InvariantCulture, $"x{index + 1}") : index == 0 ? "x" : "y";
}
