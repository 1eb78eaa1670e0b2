// t(x, y) the task's value, p modulus
using System.Collections.Immutable;

namespace Grokking.Arithmetic;

/// <summary>
/// The form of a two-operand task, as far as it decides whether closed-form weights are known: additive, multiplicative, a function of an
/// additive one, or none of these (arXiv 2301.02679, section 3; arXiv 2406.03495). Every table has p entries, indexed by a residue; an
/// entry that no sample of the task asks for is 0.
/// </summary>
public abstract record TaskForm
{
    private protected TaskForm() { }

    /// <summary>
    /// The form of a task. Additive and multiplicative forms are found in the table of values, however the formula is written; an
    /// outer function is found when the formula contains its additive inside, as <c>(x + y)^2</c> does and
    /// <c>x^2 + 2*x*y + y^2</c> does not.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <returns>The first that holds of <see cref="AdditiveForm"/>, <see cref="MultiplicativeForm"/>, <see cref="OuterForm"/>,
    /// and <see cref="UnknownForm"/>, which is also the answer for a task without exactly two operands.</returns>
    public static TaskForm Of(ArithmeticTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.OperandCount != 2)
        {
            return new UnknownForm();
        }
        TaskTable table = task.Tabulate();
        return (TaskForm?)AdditiveForm.In(table) ?? (TaskForm?)MultiplicativeForm.In(table) ?? (TaskForm?)OuterForm.In(task, table)
            ?? new UnknownForm();
    }
}

/// <summary>None of the forms with known weights was found.</summary>
public sealed record UnknownForm : TaskForm;

/// <summary>t(x, y) = First[x] + Second[y] mod p wherever the task is defined.</summary>
/// <param name="First">f1.</param>
/// <param name="Second">f2; 0 at the first y of the domain.</param>
public sealed record AdditiveForm(ImmutableArray<int> First, ImmutableArray<int> Second) : TaskForm
{
    // f1(x) = t(x, y0) and f2(y) = t(x0, y) - t(x0, y0) for one corner (x0, y0); the form holds iff they reproduce every entry.
    internal static AdditiveForm? In(TaskTable table)
    {
        if (Domain.Of(table) is not { } domain)
        {
            return null;
        }
        Modulus p = table.Modulus;
        (int x0, int y0) = (domain.First[0], domain.Second[0]);
        ImmutableArray<int> first = Domain.Tabulate(domain.First, p, x => table[x, y0]);
        ImmutableArray<int> second = Domain.Tabulate(domain.Second, p, y => p.Subtract(table[x0, y], table[x0, y0]));
        return domain.Agrees(table, (x, y) => p.Add(first[x], second[y])) ? new AdditiveForm(first, second) : null;
    }
}

/// <summary>t(x, y) = First[x] * Second[y] mod p, p prime, wherever the task is defined; products and quotients have it.</summary>
/// <param name="First">g1.</param>
/// <param name="Second">g2.</param>
public sealed record MultiplicativeForm(ImmutableArray<int> First, ImmutableArray<int> Second) : TaskForm
{
    // g1(x) = t(x, y0) and g2(y) = t(x0, y) / t(x0, y0) for one (x0, y0) whose value is not 0. (If all are 0 the form is additive.)
    internal static MultiplicativeForm? In(TaskTable table)
    {
        Modulus p = table.Modulus;
        if (!p.IsPrime || Domain.Of(table) is not { } domain)
        {
            return null;
        }
        int corner = Enumerable.Range(0, table.Values.Length).FirstOrDefault(tuple => table.Values[tuple] > 0, -1);
        if (corner < 0)
        {
            return null;
        }
        (int x0, int y0) = (table.Operand(corner, 0), table.Operand(corner, 1));
        int scale = p.Inverse(table[x0, y0]);
        ImmutableArray<int> first = Domain.Tabulate(domain.First, p, x => table[x, y0]);
        ImmutableArray<int> second = Domain.Tabulate(domain.Second, p, y => p.Multiply(table[x0, y], scale));
        return domain.Agrees(table, (x, y) => p.Multiply(first[x], second[y])) ? new MultiplicativeForm(first, second) : null;
    }
}

/// <summary>t(x, y) = Outer[Inner.First[x] + Inner.Second[y] mod p] wherever the task is defined.</summary>
/// <param name="Outer">F; need not be one-to-one.</param>
/// <param name="Inner">f1 and f2.</param>
public sealed record OuterForm(ImmutableArray<int> Outer, AdditiveForm Inner) : TaskForm
{
    internal static OuterForm? In(ArithmeticTask task, TaskTable table) => task.Expression.Nodes()
        .Where(part => part != task.Expression && part.Nodes().OfType<TaskExpression.Operand>().Distinct().Count() == 2)
        .Distinct()
        .Select(part => AdditiveForm.In(TaskTable.Of(part, task.Modulus, 2, task.TupleCount)) is { } inner ? Through(inner, table) : null)
        .FirstOrDefault(form => form is not null);

    // F exists iff equal sums always have equal values.
    private static OuterForm? Through(AdditiveForm inner, TaskTable table)
    {
        Modulus p = table.Modulus;
        int[] outer = [.. Enumerable.Repeat(TaskTable.Undefined, p.Value)];
        for (int x = 0; x < p.Value; x++)
        {
            for (int y = 0; y < p.Value; y++)
            {
                int value = table[x, y];
                int sum = p.Add(inner.First[x], inner.Second[y]);
                if (value != TaskTable.Undefined && outer[sum] != TaskTable.Undefined && outer[sum] != value)
                {
                    return null;
                }
                outer[sum] = value == TaskTable.Undefined ? outer[sum] : value;
            }
        }
        return new OuterForm([.. outer.Select(value => Math.Max(value, 0))], inner);
    }
}

/// <summary>A domain that is a rectangle: any residue of <see cref="First"/> with any of <see cref="Second"/>, both ascending.</summary>
internal sealed record Domain(ImmutableArray<int> First, ImmutableArray<int> Second)
{
    /// <summary>The rectangle on which a two-operand table is defined; null if it is none, or empty.</summary>
    public static Domain? Of(TaskTable table)
    {
        int[] residues = [.. Enumerable.Range(0, table.Modulus.Value)];
        ImmutableArray<int> first = [.. residues.Where(x => residues.Any(y => table[x, y] != TaskTable.Undefined))];
        ImmutableArray<int> second = [.. residues.Where(y => residues.Any(x => table[x, y] != TaskTable.Undefined))];
        bool isRectangle = first.All(x => second.All(y => table[x, y] != TaskTable.Undefined));
        return isRectangle && first.Length > 0 ? new Domain(first, second) : null;
    }

    public static ImmutableArray<int> Tabulate(ImmutableArray<int> arguments, Modulus p, Func<int, int> function)
    {
        var values = new int[p.Value];
        foreach (int argument in arguments)
        {
            values[argument] = function(argument);
        }
        return [.. values];
    }

    public bool Agrees(TaskTable table, Func<int, int, int> form) => First.All(x => Second.All(y => table[x, y] == form(x, y)));
}
