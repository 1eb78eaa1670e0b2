using System.Text;

namespace Grokking.Host.Studies.Reports;

/// <summary>Writes HTML as text; the same calls give the same bytes.</summary>
internal sealed class Html
{
    private readonly StringBuilder text = new();

    /// <summary>Words as they stand between tags and in attributes.</summary>
    public static string Escape(string words) => words
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>A line of markup.</summary>
    public Html Raw(string markup)
    {
        text.Append(markup).Append('\n');
        return this;
    }

    /// <summary>An element that holds words only.</summary>
    /// <param name="tag">Its name, with attributes where it has some.</param>
    /// <param name="words">The words.</param>
    public Html Element(string tag, string words) => Raw($"<{tag}>{Escape(words)}</{tag.Split(' ')[0]}>");

    /// <summary>A table with a caption; the first column names its row. It can be scrolled with the keyboard where it is too wide.</summary>
    /// <param name="caption">What a row is.</param>
    /// <param name="headings">One for each column.</param>
    /// <param name="rows">Words, one for each column.</param>
    /// <param name="classes">A class for a row, or the empty text.</param>
    public Html Table(string caption, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, Func<IReadOnlyList<string>, string>? classes = null)
    {
        Raw($"<div class=\"wide\" role=\"region\" aria-label=\"{Escape(caption)}\" tabindex=\"0\"><table>");
        Element("caption", caption);
        Raw($"<thead><tr>{string.Concat(headings.Select(heading => $"<th scope=\"col\">{Escape(heading)}</th>"))}</tr></thead>");
        Raw("<tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            string name = classes?.Invoke(row) ?? "";
            Raw($"<tr{(name.Length > 0 ? $" class=\"{name}\"" : "")}><th scope=\"row\">{Escape(row[0])}</th>"
                + $"{string.Concat(row.Skip(1).Select(cell => $"<td>{Escape(cell)}</td>"))}</tr>");
        }

        return Raw("</tbody></table></div>");
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
