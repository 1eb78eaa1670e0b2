// r rows, c columns, all different among themselves; L size of the cyclic group; t a place in it, g2 of a column; s a shift, g1 of a row
using System.Collections.Immutable;

namespace Grokking.Arithmetic;

/// <summary>
/// Lays a table out as f(i, j) = h(s_i + t_j) in the cyclic group of L elements, where different lines have different places. Translations of
/// the group allow s_0 = 0 and t_0 = 0, its automorphisms allow s_1 to be a divisor of L. Then that place is decided next to which the fewest
/// columns fit, a place without a column counting as one more, or that row whose shift has the fewest left; what follows is drawn before the next
/// decision. If every decision fails there is no layout.
/// </summary>
internal static class CyclicSearch
{
    // Elementary comparisons, about a second of them; a bound in work and not in time, so that the answer is the same on every machine.
    private const long Bound = 400_000_000;

    /// <summary>What the search found.</summary>
    /// <param name="Layout">The layout; null where none was found.</param>
    /// <param name="IsExhausted">Where none was found, whether there is none.</param>
    internal sealed record Answer(CyclicLayout? Layout, bool IsExhausted);

    public static Answer Run(int[][] table, int size)
    {
        int rows = table.Length, columns = rows == 0 ? 0 : table[0].Length;
        if (rows > columns)
        {
            Answer other = Run(PlacesNeeded.Transposed(table), size);
            return other.Layout is { } found ? new(found with { First = found.Second, Second = found.First }, false) : other;
        }
        if (rows <= 1)
        {
            ImmutableArray<int> places = [.. Enumerable.Range(0, columns)];
            return new(new([.. new int[rows]], places, [.. Enumerable.Range(0, size).Select(t => t < columns ? table[0][t] : -1)]), false);
        }
        long work = 0;
        foreach (int second in Enumerable.Range(1, size - 1).Where(divisor => size % divisor == 0))
        {
            var start = new PartialLayout(table, size);
            start.Shift(0, 0);
            start.Shift(1, second);
            start.Place(0, 0);
            if (Extend(start, ref work) is { } layout)
            {
                return new(layout, false);
            }
            if (work > Bound)
            {
                return new(null, IsExhausted: false);
            }
        }
        return new(null, IsExhausted: true);
    }

    private static CyclicLayout? Extend(PartialLayout layout, ref long work)
    {
        if (work > Bound || !layout.Conclude(ref work))
        {
            return null;
        }
        if (layout.IsComplete)
        {
            return layout.ToLayout();
        }
        foreach (Action<PartialLayout> choice in layout.Choices(ref work))
        {
            PartialLayout next = layout.Copy();
            choice(next);
            if (Extend(next, ref work) is { } found)
            {
                return found;
            }
        }
        return null;
    }
}
