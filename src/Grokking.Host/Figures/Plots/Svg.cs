using System.Globalization;
using System.Security;
using System.Text;

namespace Grokking.Host.Figures.Plots;

/// <summary>
/// Writes SVG elements as text. The same calls give the same bytes on every machine: numbers are rounded to hundredths of a pixel and written
/// without regard to the culture, and lines end in a line feed.
/// </summary>
internal sealed class Svg
{
    /// <summary>The ink of words and frames.</summary>
    public const string Ink = "#1a1a1a";

    /// <summary>The ink of what is less important; its contrast with white is 7:1.</summary>
    public const string Faint = "#595959";

    private readonly StringBuilder text = new();

    /// <summary>A number as it stands in an attribute.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Words as they stand in XML; characters that XML does not have are left out.</summary>
    public static string Escape(string words) => SecurityElement.Escape(string.Concat(words.Where(sign => sign >= ' ' || sign is '\t' or '\n')));

    /// <summary>A line of markup.</summary>
    public void Raw(string markup) => text.Append(markup).Append('\n');

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1, string dash = "") =>
        Raw($"""<line x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}" stroke="{colour}" stroke-width="{Number(width)}"{Dash(dash)}/>""");

    /// <summary>The outline of a path.</summary>
    public void Stroke(string path, string colour, double width, string dash = "", double opacity = 1)
    {
        if (path.Length > 0)
            Raw($"""<path d="{path}" fill="none" stroke="{colour}" stroke-width="{Number(width)}" stroke-linejoin="round"{Dash(dash)}{Opacity("stroke-opacity", opacity)}/>""");
    }

    /// <summary>The inside of a path.</summary>
    public void Fill(string path, string colour, double opacity = 1)
    {
        if (path.Length > 0)
            Raw($"""<path d="{path}" fill="{colour}"{Opacity("fill-opacity", opacity)}/>""");
    }

    /// <summary>A rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, string fill, string stroke = "none") =>
        Raw($"""<rect x="{Number(x)}" y="{Number(y)}" width="{Number(width)}" height="{Number(height)}" fill="{fill}" stroke="{stroke}"/>""");

    /// <summary>Words; those inside a frame have a white edge, so that no line makes them unreadable.</summary>
    public void Words(double x, double y, string words, double size, string anchor = "start", string colour = Ink, bool edged = false, bool bold = false, bool upright = false)
    {
        string edge = edged ? " paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"3\"" : "";
        string weight = bold ? " font-weight=\"bold\"" : "";
        string turn = upright ? $" transform=\"rotate(-90 {Number(x)} {Number(y)})\"" : "";
        Raw($"""<text x="{Number(x)}" y="{Number(y)}" text-anchor="{anchor}" font-size="{Number(size)}" fill="{colour}"{weight}{edge}{turn}>{Escape(words)}</text>""");
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private static string Dash(string dash) => dash.Length == 0 ? "" : $" stroke-dasharray=\"{dash}\"";

    private static string Opacity(string name, double value) => value >= 1 ? "" : $" {name}=\"{Number(value)}\"";
}
