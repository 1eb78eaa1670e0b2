namespace Grokking.Arithmetic;

/// <summary>
/// A refutation for tables in which every row has every value once, as those of groups have. Then h is one-to-one, and what leads from the values of
/// one row to those of another is h, a translation of the cyclic group, and h back; such maps commute.
/// </summary>
internal static class Translations
{
    /// <summary>Whether two of these maps do not commute.</summary>
    /// <param name="table">Rows of values that are all defined.</param>
    /// <param name="size">How many places the group has.</param>
    public static bool AreRefuted(int[][] table, int size)
    {
        if (table.Length == 0 || table[0].Length != size || table.SelectMany(row => row).Distinct().Count() != size || table.Any(row => row.Distinct().Count() != size))
        {
            return false;
        }
        // As maps of columns: the column in which the first row has what this row has here.
        Dictionary<int, int> columnOf = table[0].Select((value, column) => (value, column)).ToDictionary(pair => pair.value, pair => pair.column);
        int[][] maps = [.. table.Select(row => Array.ConvertAll(row, value => columnOf[value]))];
        for (int i = 1; i < maps.Length; i++)
        {
            for (int k = 1; k < i; k++)
            {
                for (int column = 0; column < size; column++)
                {
                    if (maps[i][maps[k][column]] != maps[k][maps[i][column]])
                    {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
