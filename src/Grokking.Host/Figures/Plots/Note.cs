namespace Grokking.Host.Figures.Plots;

/// <summary>Words at a place of the plane.</summary>
/// <param name="At">The place of their middle.</param>
/// <param name="Words">The words.</param>
internal sealed record Note(Point At, string Words) : Mark
{
    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        if (frame.Shows(At))
            svg.Words(frame.X(At.X), frame.Y(At.Y) + 4, Words, 11.5, "middle", Svg.Faint, edged: true, bold: true);
    }
}
