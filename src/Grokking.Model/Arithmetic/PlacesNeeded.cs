// r rows, c columns, L places: the elements of the cyclic group in which g1(x) + g2(y) lies
namespace Grokking.Arithmetic;

/// <summary>
/// A lower bound of the size of the group in which a table can be h(g1(x) + g2(y)). Columns that differ somewhere have different g2; so in one
/// row a value that stands in k columns, each different from each other, stands at k different places of h. Hence for every value h has at
/// least as many places as the value's most crowded line has entries, and the sum over the values is at most the size L of the group. An
/// entry that is not defined differs from none.
/// </summary>
internal static class PlacesNeeded
{
    /// <summary>The bound.</summary>
    /// <param name="entries">Rows of the table; <see cref="TaskTable.Undefined"/> where it is not defined.</param>
    /// <returns>How many places h needs at least.</returns>
    public static int Of(IReadOnlyList<int[]> entries)
    {
        var places = new Dictionary<int, int>();
        Count(entries, places);
        Count(Transposed(entries), places);
        return places.Values.Sum();
    }

    public static int[][] Transposed(IReadOnlyList<int[]> entries) =>
        entries.Count == 0 ? [] : [.. Enumerable.Range(0, entries[0].Length).Select(j => entries.Select(row => row[j]).ToArray())];

    /// <summary>Whether two lines differ at a place where both are defined.</summary>
    public static bool Differ(int[] one, int[] other)
    {
        for (int i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i] && one[i] >= 0 && other[i] >= 0)
            {
                return true;
            }
        }
        return false;
    }

    private static void Count(IReadOnlyList<int[]> rows, Dictionary<int, int> places)
    {
        int[][] columns = Transposed(rows);
        bool[][] differ = [.. columns.Select(one => columns.Select(other => Differ(one, other)).ToArray())];
        foreach (int[] row in rows)
        {
            foreach (IGrouping<int, int> equal in Enumerable.Range(0, row.Length).Where(j => row[j] >= 0).GroupBy(j => row[j]))
            {
                // Columns that differ from each other, taken greedily; without undefined entries these are as many as there are.
                var different = new List<int>();
                foreach (int j in equal)
                {
                    if (different.TrueForAll(other => differ[j][other]))
                    {
                        different.Add(j);
                    }
                }
                places[equal.Key] = Math.Max(places.GetValueOrDefault(equal.Key), different.Count);
            }
        }
    }
}
