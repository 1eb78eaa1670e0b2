using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>Upright strokes from the smallest to the largest of several values.</summary>
/// <param name="Ranges">(place, lower, upper); ends beyond the axis are cut, a range that is no number is left out.</param>
/// <param name="Look">Their look.</param>
internal sealed record Whiskers(ImmutableArray<(double X, double Low, double High)> Ranges, Look Look) : Mark
{
    private const double Foot = 3.5;

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        foreach ((double x, double low, double high) in Ranges.Where(range => frame.Horizontal.Shows(range.X) && range.Low <= range.High))
        {
            double place = frame.X(x);
            (double bottom, double top) = (frame.Y(frame.Vertical.Clamp(low)), frame.Y(frame.Vertical.Clamp(high)));
            svg.Line(place, bottom, place, top, Look.Colour, 1.3);
            svg.Line(place - Foot, bottom, place + Foot, bottom, Look.Colour, 1.3);
            svg.Line(place - Foot, top, place + Foot, top, Look.Colour, 1.3);
        }
    }
}
