using static System.FormattableString;

namespace Grokking.Host.Figures.Plots;

/// <summary>The shape of a point.</summary>
internal enum Marker
{
    /// <summary>A filled circle.</summary>
    Disc,

    /// <summary>A filled square.</summary>
    Square,

    /// <summary>A filled triangle.</summary>
    Triangle,

    /// <summary>A filled square on its corner.</summary>
    Diamond,

    /// <summary>A circle.</summary>
    Ring,

    /// <summary>A square.</summary>
    Box,

    /// <summary>Two strokes across each other.</summary>
    Cross,

    /// <summary>A plus sign.</summary>
    Plus,
}

/// <summary>The outlines of markers.</summary>
internal static class MarkerShape
{
    /// <summary>Draws a marker.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="marker">Its shape.</param>
    /// <param name="x">Its middle.</param>
    /// <param name="y">Its middle.</param>
    /// <param name="radius">Half its size, in pixels.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="faint">Whether others matter more.</param>
    /// <param name="outlined">Whether only its outline is drawn, on white.</param>
    public static void Draw(Svg svg, Marker marker, double x, double y, double radius, string colour, bool faint = false, bool outlined = false)
    {
        bool hollow = marker is Marker.Ring or Marker.Box or Marker.Cross or Marker.Plus;
        string path = Outline(marker, x, y, radius);
        if (outlined)
            svg.Fill(path, "#fff");
        if (hollow || outlined)
            svg.Stroke(path, colour, 1.4, opacity: faint ? 0.55 : 1);
        else
            svg.Fill(path, colour, faint ? 0.45 : 1);
    }

    private static string Outline(Marker marker, double x, double y, double r)
    {
        static string N(double value) => Svg.Number(value);
        return marker switch
        {
            Marker.Square or Marker.Box => $"M{N(x - (0.88 * r))},{N(y - (0.88 * r))}h{N(1.76 * r)}v{N(1.76 * r)}h{N(-1.76 * r)}z",
            Marker.Triangle => $"M{N(x)},{N(y - (1.15 * r))}l{N(1.1 * r)},{N(1.9 * r)}h{N(-2.2 * r)}z",
            Marker.Diamond => $"M{N(x)},{N(y - (1.25 * r))}l{N(1.1 * r)},{N(1.25 * r)}l{N(-1.1 * r)},{N(1.25 * r)}l{N(-1.1 * r)},{N(-1.25 * r)}z",
            Marker.Cross => $"M{N(x - r)},{N(y - r)}l{N(2 * r)},{N(2 * r)}m0,{N(-2 * r)}l{N(-2 * r)},{N(2 * r)}",
            Marker.Plus => $"M{N(x - (1.2 * r))},{N(y)}h{N(2.4 * r)}M{N(x)},{N(y - (1.2 * r))}v{N(2.4 * r)}",
            _ => Invariant($"M{N(x - r)},{N(y)}a{N(r)},{N(r)} 0 1 0 {N(2 * r)},0a{N(r)},{N(r)} 0 1 0 {N(-2 * r)},0z"),
        };
    }
}
