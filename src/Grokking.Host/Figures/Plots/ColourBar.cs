namespace Grokking.Host.Figures.Plots;

/// <summary>What the colours of a heat map mean, as a bar to the right of a frame.</summary>
internal static class ColourBar
{
    /// <summary>Pixels that it takes at the right of a frame.</summary>
    public const double Room = 84;

    private const double Gap = 12;
    private const double Width = 13;
    private const int Steps = 64;

    /// <summary>Draws it.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="frame">The frame beside which it stands.</param>
    /// <param name="colours">The numbers and their label.</param>
    public static void Draw(Svg svg, Frame frame, Axis colours)
    {
        Frame bar = frame with { Left = frame.Right + Gap, Width = Width, Vertical = colours };
        svg.Raw("<g shape-rendering=\"crispEdges\">");
        for (int i = 0; i < Steps; i++)
        {
            double y = bar.Bottom - (bar.Height * (i + 1) / Steps);
            svg.Rectangle(bar.Left, y, Width, (bar.Height / Steps) + 0.5, ColourScale.At((i + 0.5) / Steps));
        }

        svg.Raw("</g>");
        svg.Rectangle(bar.Left, bar.Top, Width, bar.Height, "none", Svg.Ink);
        foreach (Tick tick in Ticks.Of(colours))
        {
            double y = bar.Y(tick.Value);
            svg.Line(bar.Right, y, bar.Right + (tick.Label.Length > 0 ? 5 : 3), y, Svg.Ink);
            if (tick.Label.Length > 0)
                svg.Words(bar.Right + 8, y + 4, tick.Label, 11);
        }

        svg.Words(frame.Right + Room - 6, bar.Top + (bar.Height / 2), colours.Label, 12, "middle", upright: true);
    }
}
