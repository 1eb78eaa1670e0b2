using System.Globalization;
using System.Text;

namespace Grokking.Arithmetic;

/// <summary>Writes an expression with the fewest parentheses from which <see cref="TaskParser"/> reads the same expression.</summary>
internal static class TaskPrinter
{
    // What a place in a formula takes without parentheses, from everything to the tightest.
    private enum Binding
    {
        Conditional,
        Sum,
        Product,
        Negation,
        Power,
        Atom,
    }

    public static string Print(TaskExpression expression)
    {
        var text = new StringBuilder();
        Write(expression, Binding.Conditional, numbered: expression.CountOperands() > 2, text);
        return text.ToString();
    }

    private static void Write(TaskExpression expression, Binding place, bool numbered, StringBuilder text)
    {
        bool parentheses = BindingOf(expression) < place;
        text.Append(parentheses ? "(" : "");
        switch (expression)
        {
            case TaskExpression.Constant e:
                text.Append(CultureInfo.InvariantCulture, $"{e.Value}");
                break;
            case TaskExpression.Operand e:
                text.Append(TaskExpression.OperandName(e.Index, numbered));
                break;
            case TaskExpression.Negation e:
                text.Append('-');
                Write(e.Inner, Binding.Negation, numbered, text);
                break;
            case TaskExpression.Sum e:
                WritePair(e.Left, " + ", e.Right, Binding.Sum, Binding.Product);
                break;
            case TaskExpression.Difference e:
                WritePair(e.Left, " - ", e.Right, Binding.Sum, Binding.Product);
                break;
            case TaskExpression.Product e:
                WritePair(e.Left, "*", e.Right, Binding.Product, Binding.Negation);
                break;
            case TaskExpression.Quotient e:
                WritePair(e.Dividend, " / ", e.Divisor, Binding.Product, Binding.Negation);
                break;
            case TaskExpression.Power e:
                Write(e.Base, Binding.Atom, numbered, text);
                text.Append(CultureInfo.InvariantCulture, $"^{e.Exponent}");
                break;
            case TaskExpression.Conditional e:
                text.Append(e.Parity == Parity.Odd ? "if odd(" : "if even(");
                Write(e.Test, Binding.Conditional, numbered, text);
                WritePair(e.Then, " else ", e.Else, Binding.Conditional, Binding.Conditional, before: ") then ");
                break;
        }
        text.Append(parentheses ? ")" : "");

        void WritePair(TaskExpression left, string sign, TaskExpression right, Binding leftPlace, Binding rightPlace, string before = "")
        {
            text.Append(before);
            Write(left, leftPlace, numbered, text);
            text.Append(sign);
            Write(right, rightPlace, numbered, text);
        }
    }

    private static Binding BindingOf(TaskExpression expression) => expression switch
    {
        TaskExpression.Conditional => Binding.Conditional,
        TaskExpression.Sum or TaskExpression.Difference => Binding.Sum,
        TaskExpression.Product or TaskExpression.Quotient => Binding.Product,
        TaskExpression.Negation => Binding.Negation,
        TaskExpression.Power => Binding.Power,
        _ => Binding.Atom,
    };
}
