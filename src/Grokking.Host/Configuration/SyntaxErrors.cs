using System.Text;
using System.Text.Json;

namespace Grokking.Host.Configuration;

/// <summary>Says in words for people what is wrong with a text that is no JSON: the parser counts lines from zero and speaks to programmers.</summary>
internal static class SyntaxErrors
{
    private const string Allowed = "it must be JSON";

    /// <summary>Describes a fault.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fault">What the parser said of it.</param>
    public static ConfigurationError Describe(string text, JsonException fault)
    {
        if (fault.LineNumber is not { } line || fault.BytePositionInLine is not { } column)
            return new ConfigurationError("", "cannot be read", Allowed);
        int place = Place(text, (int)line, (int)column);
        (int at, string reason) = Reason(text, place);
        string[] lines = text.Split('\n');
        int number = text.AsSpan(0, Math.Min(at, text.Length)).Count('\n');
        string shown = lines[number].Trim();
        string hint = shown.Contains("NaN", StringComparison.Ordinal) || shown.Contains("Infinity", StringComparison.Ordinal)
            ? $"{Allowed}, where numbers look like 0.49 or 3e5 and NaN and Infinity do not exist"
            : Allowed;
        return new("", $"cannot be read at line {number + 1} (\"{Excerpt.Of(shown)}\": {reason})", hint);
    }

    // The parser counts bytes of UTF-8 within the line.
    private static int Place(string text, int line, int column)
    {
        int start = 0;
        for (; line > 0 && text.IndexOf('\n', start) is var end and >= 0; line--)
            start = end + 1;
        int place = start;
        for (int bytes = 0; place < text.Length && bytes < column; place++)
            bytes += char.IsHighSurrogate(text[place]) ? 4 : char.IsLowSurrogate(text[place]) ? 0 : Encoding.UTF8.GetByteCount(text.AsSpan(place, 1));
        return place;
    }

    // Where the slip was made, which may be before the place where it is noticed.
    private static (int At, string Reason) Reason(string text, int place)
    {
        int last = Math.Min(place, text.Length) - 1;
        while (last >= 0 && char.IsWhiteSpace(text[last]))
            last--;
        if (text.AsSpan(Math.Min(place, text.Length)).IsWhiteSpace())
            return (last, "the text ends before all braces, brackets and quotes are closed");
        char found = text[place];
        char before = last < 0 ? ' ' : text[last];
        if (found is '\n' or '\r')
            return (last, "a text is not closed by a quote");
        if (found is '}' or ']' && before == ',')
            return (last, $"the comma before '{found}' is one too many");
        if (found is '"' or '{' or '[' && before is '"' or '}' or ']' || (found == '"' && char.IsLetterOrDigit(before)))
            return (last, "a comma is missing at the end of it");
        return found switch
        {
            '\'' => (place, "texts and keys stand in double quotes"),
            '/' or '#' => (place, "there are no comments"),
            _ when char.IsControl(found) => (place, "a sign that nobody can see stands where none may"),
            _ => (place, $"'{found}' is not expected there"),
        };
    }
}
