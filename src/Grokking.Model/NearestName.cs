namespace Grokking;

/// <summary>Guesses which known name a misspelt one stands for.</summary>
public static class NearestName
{
    /// <summary>The known name nearest to another, or the empty string where none is near.</summary>
    /// <param name="name">The misspelt name.</param>
    /// <param name="known">The known names.</param>
    /// <returns>The first of the nearest names within a third of the length (at least two edits).</returns>
    public static string To(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        int furthest = Math.Max(2, name.Length / 3);
        return known
            .Select(candidate => (Candidate: candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.Distance <= furthest)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Candidate)
            .FirstOrDefault("");
    }

    // How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other (optimal string alignment).
    internal static int Distance(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                        table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[from.Length, to.Length];
    }
}
