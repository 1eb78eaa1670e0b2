namespace Grokking.Host.Configuration;

/// <summary>What somebody wrote, as a sentence can show it: in one line, with nothing that a terminal would obey, and cut where it is long.</summary>
internal static class Excerpt
{
    private const int Most = 60;
    private const char Unseen = '\uFFFD';

    /// <summary>The beginning of a text, or all of it where it is short.</summary>
    public static string Of(string text)
    {
        // Most are single words, and the keys of ten thousand configurations are looked at here.
        if (text.Length is > 0 and <= Most && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
            return text;
        string line = string.Join(' ', text.Split((char[]?)['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        // Not between the two halves of a character.
        return Printable(line.Length <= Most ? line : $"{line[..(char.IsHighSurrogate(line[Most - 4]) ? Most - 4 : Most - 3)]}…");
    }

    /// <summary>The same text, of the same length, with a sign in place of each that cannot be seen. Ends of lines stay.</summary>
    public static string Printable(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : string.Concat(text.Select((sign, place) => IsSeen(text, place) ? sign : Unseen));

    private static bool IsSeen(string text, int place) => text[place] is '\n' || char.GetUnicodeCategory(text, place) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator)
        && !(char.IsSurrogate(text[place]) && !IsPaired(text, place));

    private static bool IsPaired(string text, int place) => char.IsHighSurrogate(text[place])
        ? place + 1 < text.Length && char.IsLowSurrogate(text[place + 1])
        : place > 0 && char.IsHighSurrogate(text[place - 1]);
}
