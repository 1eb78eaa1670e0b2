using System.Text;

namespace Grokking.Arithmetic;

/// <summary>What a place in a formula takes without parentheses, from everything to the tightest.</summary>
internal enum TaskBinding
{
    Conditional,
    Sum,
    Product,
    Negation,
    Power,
    Atom,
}

/// <summary>Writes an expression with the fewest parentheses from which <see cref="TaskParser"/> reads the same expression.</summary>
internal sealed class TaskPrinter
{
    private readonly StringBuilder text = new();

    private TaskPrinter(bool numbered) => Numbered = numbered;

    /// <summary>Whether operands are x1, x2, … and not x and y.</summary>
    public bool Numbered { get; }

    public static string Print(TaskExpression expression)
    {
        var printer = new TaskPrinter(numbered: expression.CountOperands() > 2);
        printer.Add(expression, TaskBinding.Conditional);
        return printer.text.ToString();
    }

    public void Add(string words) => text.Append(words);

    /// <summary>Writes an expression, in parentheses where its place wants something tighter.</summary>
    public void Add(TaskExpression expression, TaskBinding place)
    {
        bool parentheses = expression.Binding < place;
        text.Append(parentheses ? "(" : "");
        expression.Write(this);
        text.Append(parentheses ? ")" : "");
    }

    public void AddPair(TaskExpression left, TaskBinding leftPlace, string sign, TaskExpression right, TaskBinding rightPlace)
    {
        Add(left, leftPlace);
        Add(sign);
        Add(right, rightPlace);
    }
}
