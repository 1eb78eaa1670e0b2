using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>
/// A formula with its modulus: a function from K residues to one residue, the table that a network is to learn. It is defined where no
/// division by 0 and no missing value of a function is reached; a conditional reaches only the branch that it takes.
/// </summary>
public sealed record ArithmeticTask
{
    /// <summary>The most operand tuples, p^K, that are ever evaluated.</summary>
    public const int MaximumTuples = 10_000_000;

    private ArithmeticTask(TaskExpression expression, Modulus modulus, int operandCount)
    {
        Expression = expression;
        Modulus = modulus;
        OperandCount = operandCount;
    }

    /// <summary>The formula.</summary>
    public TaskExpression Expression { get; }

    /// <summary>p.</summary>
    public Modulus Modulus { get; }

    /// <summary>K, at least 1. A formula may leave operands unused.</summary>
    public int OperandCount { get; }

    /// <summary>The formula in its canonical writing: equal formulas have equal texts.</summary>
    public string Text => Expression.ToString();

    /// <summary>p^K, the number of operand tuples, whether the task is defined there or not.</summary>
    public int TupleCount => (int)CountTuples(Modulus, OperandCount);

    /// <summary>Reads a formula and makes a task of it.</summary>
    /// <param name="text">The formula, in the grammar of <see cref="TaskParser"/>.</param>
    /// <param name="modulus">p.</param>
    /// <returns>The task, or why it is none: the parse error with its caret, or a reason of <see cref="Define"/>.</returns>
    public static Result<ArithmeticTask> Parse(string text, Modulus modulus) =>
        TaskParser.Parse(text).ToResult().Bind(expression => Define(expression, modulus));

    /// <summary>Makes a task of a formula. What functions and divisions need of the modulus is checked here: see <see cref="Quotients"/>.</summary>
    /// <param name="expression">The formula, of at most <see cref="TaskExpression.MaximumSize"/> nodes; K is its highest operand.</param>
    /// <param name="modulus">p; p^K may be at most <see cref="MaximumTuples"/>.</param>
    /// <returns>The task, or one sentence that says why it is none.</returns>
    public static Result<ArithmeticTask> Define(TaskExpression expression, Modulus modulus)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(modulus);
        // Checked first: beyond this size, nothing recursive may touch the expression.
        if (expression.Nodes().Skip(TaskExpression.MaximumSize).Any())
        {
            return Fail($"A task's formula has at most {TaskExpression.MaximumSize} nodes.");
        }
        return (TaskFunctions.Check(expression, modulus) ?? Quotients.Check(expression, modulus)) is { } objection
            ? Result.Failure<ArithmeticTask>(objection)
            : Over(expression, modulus, Math.Max(1, expression.CountOperands()));
    }

    /// <summary>The same formula as a function of more operands, whose values it ignores.</summary>
    /// <param name="least">K is this, or what it is already if that is more; 1 to 23.</param>
    /// <returns>The task, or one sentence that says why it is none.</returns>
    public Result<ArithmeticTask> WithOperands(int least) => least is < 1 or > TaskExpression.MaximumOperands
        ? Fail($"A task has 1 to {TaskExpression.MaximumOperands} operands, not {least}.")
        : Over(Expression, Modulus, Math.Max(least, OperandCount));

    /// <summary>The value at every operand tuple.</summary>
    /// <returns>The table, with K axes of p entries each.</returns>
    public TaskTable Tabulate() => TaskTable.Of(this);

    /// <summary>The formula and the modulus as people write them.</summary>
    /// <returns>For example <c>x + y mod 97</c>.</returns>
    public override string ToString() => $"{Text} mod {Modulus}";

    private static Result<ArithmeticTask> Over(TaskExpression expression, Modulus modulus, int operands) =>
        CountTuples(modulus, operands) <= MaximumTuples
            ? Result.Success(new ArithmeticTask(expression, modulus, operands))
            : Fail($"Modulus {modulus} and {operands} operands make more than {MaximumTuples} tuples, the most that a task may have.");

    private static long CountTuples(Modulus modulus, int operands)
    {
        long count = 1;
        for (int k = 0; k < operands && count <= MaximumTuples; k++)
        {
            count *= modulus.Value;
        }
        return count;
    }

    private static Result<ArithmeticTask> Fail(FormattableString reason) =>
        Result.Failure<ArithmeticTask>(reason.ToString(CultureInfo.InvariantCulture));
}
