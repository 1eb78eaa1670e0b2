// t(x, y) the task's value, p modulus, ∘ the sum or the product modulo p
using System.Collections.Immutable;

namespace Grokking.Arithmetic;

/// <summary>How the inner functions of a <see cref="LearnableForm"/> are joined.</summary>
public enum InnerOperation
{
    /// <summary>g1(x) + g2(y) modulo p, for any p.</summary>
    Sum,

    /// <summary>
    /// g1(x) * g2(y) modulo p, for a prime p: away from 0 a sum of discrete logarithms modulo p-1. The rows and columns where a factor is 0 are
    /// the exceptional ones; there the value is h(0).
    /// </summary>
    Product,
}

/// <summary>t(x, y) = Outer[First[x] ∘ Second[y]] wherever the task is defined.</summary>
/// <param name="Operation">∘, the sum or the product modulo p.</param>
/// <param name="First">g1: p residues.</param>
/// <param name="Second">g2: p residues.</param>
/// <param name="Outer">h: p residues; 0 where no sample asks. It need not be one-to-one.</param>
public sealed record LearnableForm(InnerOperation Operation, ImmutableArray<int> First, ImmutableArray<int> Second, ImmutableArray<int> Outer)
{
    /// <summary>Whether a table of two operands has this form: every entry is looked at.</summary>
    /// <param name="table">The table.</param>
    /// <returns>True if the form gives every value that is defined.</returns>
    public bool Holds(TaskTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Modulus p = table.Modulus;
        for (int tuple = 0; tuple < table.Values.Length; tuple++)
        {
            (int x, int y) = (First[tuple / p.Value], Second[tuple % p.Value]);
            int inner = Operation == InnerOperation.Sum ? p.Add(x, y) : p.Multiply(x, y);
            if (table.Values[tuple] != TaskTable.Undefined && table.Values[tuple] != Outer[inner])
            {
                return false;
            }
        }
        return true;
    }

    // h exists iff equal insides always have equal values.
    internal static LearnableForm? Through(TaskTable table, InnerOperation operation, ImmutableArray<int> first, ImmutableArray<int> second)
    {
        Modulus p = table.Modulus;
        int[] outer = [.. Enumerable.Repeat(TaskTable.Undefined, p.Value)];
        for (int x = 0; x < p.Value; x++)
        {
            for (int y = 0; y < p.Value; y++)
            {
                int value = table[x, y];
                int inner = operation == InnerOperation.Sum ? p.Add(first[x], second[y]) : p.Multiply(first[x], second[y]);
                if (value == TaskTable.Undefined)
                {
                    continue;
                }
                if (outer[inner] != TaskTable.Undefined && outer[inner] != value)
                {
                    return null;
                }
                outer[inner] = value;
            }
        }
        return new LearnableForm(operation, first, second, [.. outer.Select(value => Math.Max(value, 0))]);
    }
}

/// <summary>
/// Whether a task of two operands is h(g1(x) ∘ g2(y)) modulo p, with ∘ the sum or, modulo a prime, the product. That is the form of which arXiv
/// 2406.03495 conjectures that the tasks that have it, and no others, are learnt to the end from a part of their table; the answer is about
/// the form, which can be proved, and not about any training. It is a closed hierarchy of three answers, since to find the form of a table
/// in which many entries are equal means to try, and there the search may end before its end.
/// </summary>
public abstract record Learnability
{
    private Learnability() { }

    /// <summary>The task has the form.</summary>
    /// <param name="Form">Such a form, compared with every entry of the table.</param>
    public sealed record Learnable(LearnableForm Form) : Learnability;

    /// <summary>The task has not the form.</summary>
    /// <param name="Reason">The proof in a sentence or two.</param>
    public sealed record NotLearnable(string Reason) : Learnability;

    /// <summary>Neither was found.</summary>
    /// <param name="Reason">What was tried, in a sentence.</param>
    public sealed record Undecided(string Reason) : Learnability;

    /// <summary>
    /// Decides a task from its table. A form is looked for among the parts of the formula, then among sums and products of monomials, however
    /// the formula is written; a refutation by counting the places that h would need (<see cref="PlacesNeeded"/>); and where neither is
    /// found the lines of the table are laid out one after the other, within a bound of work.
    /// </summary>
    /// <param name="task">The task; its table is made.</param>
    /// <returns>The answer, the same at every call.</returns>
    public static Learnability Of(ArithmeticTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.OperandCount == 2
            ? Decide(task.Tabulate(), table => InnerForms.Of(task, table))
            : new Undecided($"The form is one of two operands, and the task has {task.OperandCount}.");
    }

    /// <summary>Decides a table, of which no formula need be known.</summary>
    /// <param name="table">A table of two operands.</param>
    /// <returns>The answer, the same at every call.</returns>
    /// <exception cref="ArgumentException">The table has another number of operands.</exception>
    public static Learnability Of(TaskTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.OperandCount == 2
            ? Decide(table, InnerForms.Monomials)
            : throw new ArgumentException($"The table has {table.OperandCount} operands, not 2.", nameof(table));
    }

    private static Learnability Decide(TaskTable table, Func<TaskTable, IEnumerable<LearnableForm>> candidates)
    {
        if (candidates(table).FirstOrDefault(form => form.Holds(table)) is { } found)
        {
            return new Learnable(found);
        }
        LayingOut sum = LayingOut.Sum(table);
        LayingOut product = sum.Form is null && table.Modulus.IsPrime ? LayingOut.Product(table) : new LayingOut(null, IsProof: true, "");
        if ((sum.Form ?? product.Form) is { } form)
        {
            return form.Holds(table) ? new Learnable(form) : throw new InvalidOperationException("The form that was found is not the table's.");
        }
        return sum.IsProof && product.IsProof
            ? new NotLearnable($"{sum.Reason} {product.Reason}".Trim())
            : new Undecided($"{(sum.IsProof ? "" : sum.Reason)} {(product.IsProof ? "" : product.Reason)}".Trim());
    }
}
