using System.Collections.Immutable;
using System.Globalization;
using System.Security;
using System.Text;

namespace Grokking.Host.Figures;

/// <summary>A curve: points with the look of its line.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">(step, value), ascending; what the axis cannot show leaves a gap.</param>
/// <param name="Colour">An SVG colour.</param>
/// <param name="Dash">The SVG dash pattern; empty for a full line. Differs between curves, so that grey print can be read.</param>
internal sealed record Curve(string Name, ImmutableArray<(double X, double Y)> Points, string Colour, string Dash);

/// <summary>A horizontal or vertical line of reference with its words.</summary>
internal sealed record Reference(double Value, string Words);

/// <summary>One chart: a frame with ticks, curves, and reference lines.</summary>
internal sealed record Panel(string Title, Scale X, Scale Y, ImmutableArray<Curve> Curves, ImmutableArray<Reference> Levels, ImmutableArray<Reference> Moments)
{
    /// <summary>Draws the panel as SVG elements.</summary>
    public void Draw(StringBuilder svg, bool labelsMoments, string? xTitle)
    {
        Frame(svg, xTitle);
        foreach (var level in Levels.Where(level => Y.Shows(level.Value)))
        {
            Line(svg, X.Start, Y.At(level.Value), X.End, Y.At(level.Value), "#777", "1,3");
            Words(svg, X.End - 6, Y.At(level.Value) - 4, level.Words, "end", "#555", 11);
        }

        foreach (var moment in Moments.Where(moment => X.Shows(moment.Value)))
        {
            Line(svg, X.At(moment.Value), Y.Start, X.At(moment.Value), Y.End, "#999", "4,3");
        }

        foreach (var curve in Curves)
        {
            Path(svg, curve);
        }

        if (labelsMoments)
        {
            LabelMoments(svg);
        }

        Legend(svg);
    }

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour, string dash) => svg.AppendLine(
        CultureInfo.InvariantCulture,
        $"""<line x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}" stroke="{colour}" stroke-dasharray="{dash}"/>""");

    private static void Words(StringBuilder svg, double x, double y, string words, string anchor, string colour, int size) => svg.AppendLine(
        CultureInfo.InvariantCulture,
        $"""<text x="{Number(x)}" y="{Number(y)}" text-anchor="{anchor}" fill="{colour}" font-size="{size}" paint-order="stroke" stroke="#fff" stroke-width="3">{SecurityElement.Escape(words)}</text>""");

    private void Frame(StringBuilder svg, string? xTitle)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Number(X.Start)}" y="{Number(Y.End)}" width="{Number(X.End - X.Start)}" height="{Number(Y.Start - Y.End)}" fill="none" stroke="#333"/>""");
        Words(svg, X.Start, Y.End - 8, Title, "start", "#111", 13);
        foreach (var (value, label) in X.Ticks())
        {
            var length = label is null ? 3 : 6;
            Line(svg, X.At(value), Y.Start, X.At(value), Y.Start + length, "#333", "none");
            if (label is not null && xTitle is not null)
            {
                Words(svg, X.At(value), Y.Start + 19, label, "middle", "#333", 11);
            }
        }

        if (xTitle is not null)
        {
            Words(svg, (X.Start + X.End) / 2, Y.Start + 36, xTitle, "middle", "#111", 12);
        }

        foreach (var (value, label) in Y.Ticks())
        {
            Line(svg, X.Start - (label is null ? 3 : 6), Y.At(value), X.Start, Y.At(value), "#333", "none");
            if (label is not null)
            {
                Line(svg, X.Start, Y.At(value), X.End, Y.At(value), "#e4e4e4", "none");
                Words(svg, X.Start - 9, Y.At(value) + 4, label, "end", "#333", 11);
            }
        }
    }

    private void LabelMoments(StringBuilder svg)
    {
        // Words stand to the right of their line where there is room, else to the left; each on a row of its own, so that none overlap.
        foreach (var (moment, place) in Moments.Where(moment => X.Shows(moment.Value)).Select((moment, place) => (moment, place)))
        {
            var room = X.End - X.At(moment.Value) > 7 * moment.Words.Length;
            Words(svg, X.At(moment.Value) + (room ? 5 : -5), Y.Start - 64 + (18 * place), moment.Words, room ? "start" : "end", "#444", 11);
        }
    }

    private void Path(StringBuilder svg, Curve curve)
    {
        var path = new StringBuilder();
        var drawing = false;
        foreach (var (x, y) in curve.Points)
        {
            var shown = X.Shows(x) && Y.Shows(y);
            if (shown)
            {
                path.Append(drawing ? 'L' : 'M').Append(Number(X.At(x))).Append(',').Append(Number(Y.At(y)));
            }

            drawing = shown;
        }

        svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<path d="{path}" fill="none" stroke="{curve.Colour}" stroke-width="1.8" stroke-linejoin="round" stroke-dasharray="{(curve.Dash.Length == 0 ? "none" : curve.Dash)}"/>""");
    }

    private void Legend(StringBuilder svg)
    {
        var x = X.End;
        foreach (var curve in Curves.Reverse())
        {
            Words(svg, x, Y.End - 8, curve.Name, "end", "#111", 12);
            x -= 12 + (6.6 * curve.Name.Length);
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<line x1="{Number(x - 18)}" y1="{Number(Y.End - 12)}" x2="{Number(x + 6)}" y2="{Number(Y.End - 12)}" stroke="{curve.Colour}" stroke-width="2.2" stroke-dasharray="{(curve.Dash.Length == 0 ? "none" : curve.Dash)}"/>""");
            x -= 34;
        }
    }
}
