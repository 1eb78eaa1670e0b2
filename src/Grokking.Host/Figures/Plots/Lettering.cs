using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>About how wide words are in a sans-serif face: near enough to place what stands beside them, without asking for a font.</summary>
internal static class Lettering
{
    /// <summary>The width of words.</summary>
    /// <param name="words">The words.</param>
    /// <param name="size">The size of the face, in pixels.</param>
    /// <returns>Pixels.</returns>
    public static double Width(string words, double size) => size * words.Sum(Share);

    /// <summary>Breaks words into lines.</summary>
    /// <param name="words">The words.</param>
    /// <param name="size">The size of the face.</param>
    /// <param name="room">Pixels of a line; a longer word has a line of its own.</param>
    public static ImmutableArray<string> Lines(string words, double size, double room)
    {
        var lines = new List<string>();
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= room)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        }

        return [.. lines];
    }

    private static double Share(char sign) => sign switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.25,
        ' ' or 'f' or 't' or 'r' or 'I' or '(' or ')' or '/' or '-' or '·' => 0.32,
        'm' or 'w' or 'M' or 'W' or '%' => 0.85,
        _ when char.IsAsciiLetterUpper(sign) => 0.69,
        _ => 0.56,
    };
}
