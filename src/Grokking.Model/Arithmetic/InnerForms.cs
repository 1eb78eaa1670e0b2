using System.Collections.Immutable;

namespace Grokking.Arithmetic;

/// <summary>Where the form of a task is looked for: insides g1(x) ∘ g2(y) through which the table may go.</summary>
internal static class InnerForms
{
    // Exponents that are tried; beyond them two monomials modulo a prime are mostly the same functions again.
    private const int LargestExponent = 6;

    /// <summary>The forms of the whole formula, of its parts, and of monomials.</summary>
    public static IEnumerable<LearnableForm> Of(ArithmeticTask task, TaskTable table) => task.Expression.Nodes()
        .Where(part => part.Nodes().OfType<TaskExpression.Operand>().Distinct().Count() == 2)
        .Distinct()
        .SelectMany(part => OfPart(TaskTable.Of(part, task.Modulus, 2, task.TupleCount)))
        .Select(inner => LearnableForm.Through(table, inner.Operation, inner.First, inner.Second))
        .OfType<LearnableForm>()
        .Concat(Monomials(table));

    /// <summary>The forms with a x^i + b y^j or x^i y^j inside, whichever way the task is written: this completes the squares.</summary>
    public static IEnumerable<LearnableForm> Monomials(TaskTable table)
    {
        Modulus p = table.Modulus;
        ImmutableArray<ImmutableArray<int>> powers = [.. Enumerable.Range(1, LargestExponent).Select(n => Tabulate(p, x => p.Power(x, n)))];
        ImmutableArray<int> nothing = Tabulate(p, _ => 0);
        foreach (ImmutableArray<int> second in powers)
        {
            if (LearnableForm.Through(table, InnerOperation.Sum, nothing, second) is { } single)
            {
                yield return single;
            }
            foreach (ImmutableArray<int> first in powers)
            {
                for (int factor = 0; factor < p.Value; factor++)
                {
                    if (LearnableForm.Through(table, InnerOperation.Sum, first, Tabulate(p, y => p.Multiply(factor, second[y]))) is { } sum)
                    {
                        yield return sum;
                    }
                }
                if (p.IsPrime && LearnableForm.Through(table, InnerOperation.Product, first, second) is { } product)
                {
                    yield return product;
                }
            }
        }
    }

    private static IEnumerable<(InnerOperation Operation, ImmutableArray<int> First, ImmutableArray<int> Second)> OfPart(TaskTable part)
    {
        if (AdditiveForm.In(part) is { } additive)
        {
            yield return (InnerOperation.Sum, additive.First, additive.Second);
        }
        if (MultiplicativeForm.In(part) is { } multiplicative)
        {
            yield return (InnerOperation.Product, multiplicative.First, multiplicative.Second);
        }
    }

    private static ImmutableArray<int> Tabulate(Modulus p, Func<int, int> function) => [.. Enumerable.Range(0, p.Value).Select(function)];
}
