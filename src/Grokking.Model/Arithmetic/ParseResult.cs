using System.Globalization;
using System.Text;

namespace Grokking.Arithmetic;

/// <summary>What reading a formula gives: an expression, or the place and the reason why the text is none.</summary>
public abstract record ParseResult
{
    private const int WidestLine = 100;

    private ParseResult() { }

    /// <summary>The text is a formula.</summary>
    /// <param name="Value">The formula.</param>
    public sealed record Parsed(TaskExpression Value) : ParseResult;

    /// <summary>The text is no formula.</summary>
    /// <param name="Source">The text.</param>
    /// <param name="Position">The exact place, from 0, counted in UTF-16 units; the text's length when it ends too early.</param>
    /// <param name="Message">What is wrong there and what was expected, as one sentence.</param>
    public sealed record Error(string Source, int Position, string Message) : ParseResult
    {
        /// <summary>
        /// Three lines: the message with its column, the line of the source, and a caret under the place. Characters that a terminal would
        /// obey instead of showing are replaced, and a long line is cut around the place.
        /// </summary>
        public string Rendering => Render(this);
    }

    /// <summary>The same as a <see cref="Result{T}"/>, whose reason is the rendering.</summary>
    /// <returns>The expression or the reason.</returns>
    public Result<TaskExpression> ToResult() => this switch
    {
        Parsed parsed => Result.Success(parsed.Value),
        Error error => Result.Failure<TaskExpression>(error.Rendering),
        _ => throw new InvalidOperationException("a parse result is an expression or an error"),
    };

    private static string Render(Error error)
    {
        int start = error.Position == 0 ? 0 : error.Source.LastIndexOf('\n', error.Position - 1) + 1;
        int end = error.Source.IndexOf('\n', error.Position);
        string line = error.Source[start..(end < 0 ? error.Source.Length : end)].TrimEnd('\r');
        int column = error.Position - start;
        string place = error.Source.Contains('\n', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"line {error.Source.AsSpan(0, start).Count('\n') + 1}, column {column + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"column {column + 1}");

        int first = Math.Max(0, Math.Min(column - (WidestLine / 2), line.Length - WidestLine));
        int last = Math.Min(line.Length, first + WidestLine);
        var shown = new StringBuilder(first > 0 ? "…" : "");
        var pointer = new StringBuilder(first > 0 ? " " : "");
        for (int i = first; i < last; i++)
        {
            shown.Append(char.IsControl(line[i]) && line[i] != '\t' ? '\uFFFD' : line[i]);
            if (i < column)
            {
                pointer.Append(line[i] == '\t' ? '\t' : ' ');
            }
        }
        shown.Append(last < line.Length ? "…" : "");
        pointer.Append(' ', Math.Max(0, column - Math.Max(first, line.Length))).Append('^');
        return $"{error.Message} ({place})\n  {shown}\n  {pointer}";
    }
}
