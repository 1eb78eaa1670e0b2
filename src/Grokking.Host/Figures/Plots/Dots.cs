using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>Points, each drawn as a marker.</summary>
/// <param name="Points">The points; those that the axes cannot show are left out.</param>
/// <param name="Look">Their look.</param>
internal sealed record Dots(ImmutableArray<Point> Points, Look Look) : Mark
{
    /// <summary>Half the size of a marker, in pixels.</summary>
    public double Radius { get; init; } = 3.4;

    /// <summary>Outlines only: what was looked for and not found.</summary>
    public bool Hollow { get; init; }

    /// <summary>Single runs beside their median.</summary>
    public bool Faint { get; init; }

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        foreach (Point point in Points.Where(frame.Shows))
            MarkerShape.Draw(svg, Look.Marker, frame.X(point.X), frame.Y(point.Y), Radius, Look.Colour, Faint, Hollow);
    }
}
