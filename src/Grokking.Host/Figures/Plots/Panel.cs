using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>One chart of a figure: axes, marks, and a legend above them.</summary>
/// <param name="Title">Its heading; may be empty.</param>
/// <param name="Horizontal">The axis below; its label may be empty where a chart further down has the same.</param>
/// <param name="Vertical">The axis at the left.</param>
/// <param name="Marks">What is drawn, in this order.</param>
/// <param name="Entries">The legend; may be empty.</param>
internal sealed record Panel(string Title, Axis Horizontal, Axis Vertical, ImmutableArray<Mark> Marks, ImmutableArray<LegendEntry> Entries)
{
    private const double LetterSize = 11;
    private const double LabelSize = 12;
    private const double TitleSize = 12.5;

    /// <summary>Pixels of the frame's height.</summary>
    public double Height { get; init; } = 200;

    /// <summary>Pixels above the frame, for a panel as wide as given.</summary>
    public double Above(double width)
    {
        int rows = Legend.Rows(Entries, width).Length;
        return 10 + (Title.Length > 0 && !TitleBesideLegend(width) ? 18 : 0) + (Legend.RowHeight * rows) + (Title.Length > 0 && rows == 0 ? 0 : 2);
    }

    /// <summary>Pixels below the frame.</summary>
    public double Below => Horizontal.Label.Length > 0 ? 42 : 24;

    /// <summary>Pixels at the left of the frame.</summary>
    public double Before => 14 + Ticks.Of(Vertical).Max(tick => Lettering.Width(tick.Label, LetterSize)) + (Vertical.Label.Length > 0 ? 22 : 0);

    /// <summary>Pixels at the right of the frame.</summary>
    public double After => Colours is null ? 12 : ColourBar.Room;

    private Axis? Colours => Marks.OfType<HeatMap>().FirstOrDefault()?.Colours;

    /// <summary>Draws the panel.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="left">The left edge of the frame.</param>
    /// <param name="top">Its upper edge.</param>
    /// <param name="width">Its width.</param>
    public void Draw(Svg svg, double left, double top, double width)
    {
        var frame = new Frame(left, top, width, Height, Horizontal, Vertical);
        Heading(svg, frame);
        bool grid = Colours is null;
        if (grid)
        {
            foreach (Tick tick in Ticks.Of(Vertical).Where(tick => tick.Label.Length > 0))
                svg.Line(frame.Left, frame.Y(tick.Value), frame.Right, frame.Y(tick.Value), "#e3e3e3");
        }

        foreach (Mark mark in Marks)
            mark.Draw(svg, frame);
        Axes(svg, frame);
        if (Colours is { } colours)
            ColourBar.Draw(svg, frame, colours);
    }

    private bool TitleBesideLegend(double width) => Legend.Rows(Entries, width - TitleWidth).Length == 1;

    private double TitleWidth => Title.Length > 0 ? Lettering.Width(Title, TitleSize * 1.06) + 24 : 0;

    private void Heading(Svg svg, Frame frame)
    {
        bool beside = TitleBesideLegend(frame.Width);
        ImmutableArray<ImmutableArray<LegendEntry>> rows = Legend.Rows(Entries, beside ? frame.Width - TitleWidth : frame.Width);
        double baseline = frame.Top - 8 - (Legend.RowHeight * Math.Max(0, rows.Length - 1));
        Legend.Draw(svg, rows, beside ? frame.Left + TitleWidth : frame.Left, baseline);
        if (Title.Length > 0)
            svg.Words(frame.Left, rows.Length == 0 || beside ? frame.Top - 8 : baseline - 18, Title, TitleSize, bold: true);
    }

    private void Axes(Svg svg, Frame frame)
    {
        svg.Rectangle(frame.Left, frame.Top, frame.Width, frame.Height, "none", Svg.Ink);
        double free = double.NegativeInfinity;
        foreach (Tick tick in Ticks.Of(Horizontal))
        {
            double x = frame.X(tick.Value);
            svg.Line(x, frame.Bottom, x, frame.Bottom + (tick.Label.Length > 0 ? 6 : 3), Svg.Ink);
            // Where names stand close together, only as many are written as have room.
            double half = Lettering.Width(tick.Label, LetterSize) / 2;
            if (tick.Label.Length == 0 || x - half < free)
                continue;
            svg.Words(x, frame.Bottom + 19, tick.Label, LetterSize, "middle");
            free = x + half + 4;
        }

        foreach (Tick tick in Ticks.Of(Vertical))
        {
            double y = frame.Y(tick.Value);
            svg.Line(frame.Left - (tick.Label.Length > 0 ? 6 : 3), y, frame.Left, y, Svg.Ink);
            if (tick.Label.Length > 0)
                svg.Words(frame.Left - 9, y + 4, tick.Label, LetterSize, "end");
        }

        if (Horizontal.Label.Length > 0)
            svg.Words((frame.Left + frame.Right) / 2, frame.Bottom + 37, Horizontal.Label, LabelSize, "middle");
        if (Vertical.Label.Length > 0)
            svg.Words(frame.Left - Before + 14, (frame.Top + frame.Bottom) / 2, Vertical.Label, LabelSize, "middle", upright: true);
    }
}
