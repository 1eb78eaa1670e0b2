namespace Grokking.Host.Figures.Plots;

/// <summary>A horizontal line of reference with its words.</summary>
/// <param name="At">Its value.</param>
/// <param name="Words">What it means; may be empty.</param>
internal sealed record Level(double At, string Words) : Mark
{
    /// <summary>Whether the words stand below the line, where curves run just above it.</summary>
    public bool Below { get; init; }

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        if (!frame.Vertical.Shows(At))
            return;
        double y = frame.Y(At);
        svg.Line(frame.Left, y, frame.Right, y, Svg.Faint, 1, "1.5,3");
        bool roomAbove = !Below && y - frame.Top > 16;
        if (Words.Length > 0)
            svg.Words(frame.Right - 6, roomAbove ? y - 4 : y + 13, Words, 11, "end", Svg.Faint, edged: true);
    }
}

/// <summary>A vertical line of reference with its words.</summary>
/// <param name="At">Its value.</param>
/// <param name="Words">What it means; may be empty.</param>
/// <param name="Row">Which row the words stand on, counted from the top, so that those of several lines do not meet.</param>
internal sealed record Moment(double At, string Words, int Row) : Mark
{
    private const double RowHeight = 17;

    /// <summary>Its colour.</summary>
    public string Colour { get; init; } = Svg.Faint;

    /// <summary>Where the first row stands, as a share of the frame's height.</summary>
    public double Start { get; init; }

    /// <summary>Whether the words stand at the left of the line rather than at its right, where there is room.</summary>
    public bool Before { get; init; }

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        if (!frame.Horizontal.Shows(At))
            return;
        double x = frame.X(At);
        svg.Line(x, frame.Top, x, frame.Bottom, Colour, 1, "4,3");
        if (Words.Length == 0)
            return;
        double needed = Lettering.Width(Words, 11) + 12;
        bool after = Before ? x - frame.Left < needed : frame.Right - x > needed;
        svg.Words(after ? x + 6 : x - 6, frame.Top + (Start * frame.Height) + 16 + (RowHeight * Row), Words, 11, after ? "start" : "end", Colour, edged: true);
    }
}
