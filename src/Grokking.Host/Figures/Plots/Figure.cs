using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>Charts on one page, with a title, a caption, and a text that stands for the picture where it cannot be seen.</summary>
/// <param name="Name">Its name: the stem of its file and of the ids in it.</param>
/// <param name="Title">The heading.</param>
/// <param name="Caption">What a reader must know; may be empty.</param>
/// <param name="Description">What the picture shows, in words.</param>
/// <param name="Panels">The charts, row by row; at least one.</param>
internal sealed record Figure(string Name, string Title, string Caption, string Description, ImmutableArray<Panel> Panels)
{
    private const double Margin = 14;
    private const double TitleSize = 15;
    private const double CaptionSize = 11.5;
    private const double CaptionLine = 16;

    /// <summary>Pixels.</summary>
    public double Width { get; init; } = 760;

    /// <summary>How many charts stand beside each other.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>The figure as an SVG document.</summary>
    /// <param name="whole">Whether title and caption are drawn: a file of its own needs them, a report has its own words for them.</param>
    public string Draw(bool whole)
    {
        Panel[][] rows = [.. Panels.Chunk(Columns)];
        double room = (Width - (2 * Margin)) / Columns;
        double before = Panels.Max(panel => panel.Before);
        double after = Panels.Max(panel => panel.After);
        double inner = room - before - after;
        ImmutableArray<string> headings = whole ? Lettering.Lines(Title, TitleSize * 1.05, Width - (2 * Margin)) : [];
        ImmutableArray<string> caption = whole ? Lettering.Lines(Caption, CaptionSize, Width - (2 * Margin)) : [];
        var svg = new Svg();
        double y = (whole ? Margin : 4) + (headings.Length * 20);
        foreach ((int i, string heading) in headings.Index())
            svg.Words(Margin, Margin + 14 + (20 * i), heading, TitleSize, bold: true);
        foreach (Panel[] row in rows)
        {
            double above = row.Max(panel => panel.Above(inner));
            foreach ((int column, Panel panel) in row.Index())
                panel.Draw(svg, Margin + (column * room) + before, y + above, inner);
            y += above + row.Max(panel => panel.Height + panel.Below);
        }

        y += caption.Length > 0 ? 12 : 0;
        foreach ((int i, string line) in caption.Index())
            svg.Words(Margin, y + 8 + (CaptionLine * i), line, CaptionSize, colour: Svg.Faint);
        return Document(svg, y + (caption.Length * CaptionLine) + 6);
    }

    private string Document(Svg content, double height)
    {
        (string width, string tall) = (Svg.Number(Width), Svg.Number(height));
        var document = new Svg();
        document.Raw(
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {tall}" width="{width}" height="{tall}" role="img" """
            + $"""aria-labelledby="{Name}-title {Name}-desc" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">""");
        document.Raw($"<title id=\"{Name}-title\">{Svg.Escape(Title)}</title>");
        document.Raw($"<desc id=\"{Name}-desc\">{Svg.Escape(Description)}</desc>");
        document.Rectangle(0, 0, Width, height, "#fff");
        return $"{document}{content}</svg>\n";
    }
}
