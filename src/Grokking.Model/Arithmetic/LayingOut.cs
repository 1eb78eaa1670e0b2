// t(x, y) the task's value, p modulus, L size of the group: p for sums, p-1 for products
using System.Collections.Immutable;
using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>Whether a table is h(g1(x) ∘ g2(y)) for one operation ∘, from the table alone.</summary>
/// <param name="Form">The form; null where none was found.</param>
/// <param name="IsProof">Where none was found, whether there is none.</param>
/// <param name="Reason">Where none was found, why, in a sentence.</param>
internal sealed record LayingOut(LearnableForm? Form, bool IsProof, string Reason)
{
    /// <summary>For sums modulo p.</summary>
    public static LayingOut Sum(TaskTable table)
    {
        int p = table.Modulus.Value;
        int[][] entries = Entries(table);
        return Of(entries, p, "h(g1(x) + g2(y))", laid => new LearnableForm(
            InnerOperation.Sum, [.. laid.First.Select(a => Math.Max(a, 0))], [.. laid.Second.Select(b => Math.Max(b, 0))], [.. laid.Outer.Select(h => Math.Max(h, 0))]));
    }

    /// <summary>For products modulo a prime.</summary>
    /// <remarks>
    /// If h(0) = v, every line that is v throughout may be given the factor 0; what is left must be a sum of logarithms. Without such a line
    /// nothing is 0. A table that has the form keeps it when lines are left out, so that only the values of constant lines are tried as v.
    /// </remarks>
    public static LayingOut Product(TaskTable table)
    {
        var logarithm = new DiscreteLogarithm(table.Modulus);
        int[][] entries = Entries(table);
        int[] constants = [.. entries.Concat(PlacesNeeded.Transposed(entries)).Select(Constant).Where(value => value >= 0).Distinct()];
        LayingOut? last = null;
        foreach (int zero in constants.DefaultIfEmpty(TaskTable.Undefined))
        {
            int[][] columns = PlacesNeeded.Transposed(entries);
            bool[] zeroColumn = [.. columns.Select(column => zero >= 0 && Constant(column) == zero)];
            // A line left out is one without entries.
            int[][] rest = [.. entries.Select(row => row.Select((value, y) => (zero >= 0 && Constant(row) == zero) || zeroColumn[y] ? TaskTable.Undefined : value).ToArray())];
            LayingOut found = Of(rest, table.Modulus.Value - 1, "h(g1(x) * g2(y))", laid => new LearnableForm(
                InnerOperation.Product,
                [.. laid.First.Select(a => a < 0 ? 0 : logarithm.Power(a))],
                [.. laid.Second.Select(b => b < 0 ? 0 : logarithm.Power(b))],
                [.. Enumerable.Range(0, table.Modulus.Value).Select(x => Math.Max(x == 0 ? zero : laid.Outer[logarithm.Of(x)], 0))]));
            if (found.Form is not null)
            {
                return found;
            }
            last = last is { IsProof: false } ? last : found;
        }
        return last!;
    }

    // Equal lines may as well have equal g, and different lines must have different ones: one of each kind is laid out.
    private static LayingOut Of(int[][] entries, int size, string form, Func<CyclicLayout, LearnableForm> name)
    {
        int[][] columns = PlacesNeeded.Transposed(entries);
        int[] rowsKept = [.. Enumerable.Range(0, entries.Length).Where(x => entries[x].Any(value => value >= 0))];
        int[] columnsKept = [.. Enumerable.Range(0, columns.Length).Where(y => columns[y].Any(value => value >= 0))];
        bool isRectangle = rowsKept.All(x => columnsKept.All(y => entries[x][y] >= 0));
        (int[] rowKinds, int[] rowOf) = isRectangle ? Kinds(entries, rowsKept) : (rowsKept, rowsKept);
        (int[] columnKinds, int[] columnOf) = isRectangle ? Kinds(columns, columnsKept) : (columnsKept, columnsKept);
        int[][] kinds = [.. rowKinds.Select(x => columnKinds.Select(y => entries[x][y]).ToArray())];

        int needed = PlacesNeeded.Of(kinds);
        if (needed > size)
        {
            return new(null, IsProof: true, Say(
                $"It is not {form}: counting how often each value stands in one line among lines that differ, h would need {needed} places, and there are {size}."));
        }
        if (!isRectangle)
        {
            return new(null, IsProof: false, $"No {form} was found; the task is undefined at places that are no whole rows and columns, and there only counting is tried.");
        }
        if (Translations.AreRefuted(kinds, size))
        {
            return new(null, IsProof: true, $"It is not {form}: what leads from one row of its table to another does not commute, and translations do.");
        }
        CyclicSearch.Answer answer = CyclicSearch.Run(kinds, size);
        return answer.Layout is { } layout
            ? new(name(new CyclicLayout(Spread(layout.First, rowsKept, rowOf, entries.Length), Spread(layout.Second, columnsKept, columnOf, columns.Length), layout.Outer)), false, "")
            : answer.IsExhausted
                ? new(null, IsProof: true, $"It is not {form}: every way to lay out its lines leads to a contradiction.")
                : new(null, IsProof: false, $"No {form} was found, and the search ended at its bound of work before all was tried.");
    }

    private static int[][] Entries(TaskTable table) =>
        [.. Enumerable.Range(0, table.Modulus.Value).Select(x => table.Values.AsSpan(x * table.Modulus.Value, table.Modulus.Value).ToArray())];

    private static int Constant(int[] line) => line.Where(value => value >= 0).Distinct().Take(2).ToArray() is [int only] ? only : TaskTable.Undefined;

    // The first line of each kind, and for every line that is kept the place of its kind.
    private static (int[] First, int[] Of) Kinds(int[][] lines, int[] kept)
    {
        var first = new List<int>();
        var of = new List<int>();
        foreach (int line in kept)
        {
            int kind = first.FindIndex(other => lines[other].AsSpan().SequenceEqual(lines[line]));
            of.Add(kind < 0 ? first.Count : kind);
            if (kind < 0)
            {
                first.Add(line);
            }
        }
        return ([.. first], [.. of]);
    }

    // Lines that are not kept have no place.
    private static ImmutableArray<int> Spread(ImmutableArray<int> places, int[] kept, int[] of, int count)
    {
        int[] all = [.. Enumerable.Repeat(-1, count)];
        for (int i = 0; i < kept.Length; i++)
        {
            all[kept[i]] = places[of[i]];
        }
        return [.. all];
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A table as h(g1(i) + g2(j)) in a cyclic group.</summary>
/// <param name="First">g1 of each row.</param>
/// <param name="Second">g2 of each column.</param>
/// <param name="Outer">h of each element; -1 where no entry says.</param>
internal sealed record CyclicLayout(ImmutableArray<int> First, ImmutableArray<int> Second, ImmutableArray<int> Outer);
