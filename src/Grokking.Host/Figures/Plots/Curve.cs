using System.Collections.Immutable;
using System.Text;

namespace Grokking.Host.Figures.Plots;

/// <summary>A line through points.</summary>
/// <param name="Points">Ascending; what the axes cannot show leaves a gap.</param>
/// <param name="Look">Its look.</param>
internal sealed record Curve(ImmutableArray<Point> Points, Look Look) : Mark
{
    /// <summary>Pixels.</summary>
    public double Thickness { get; init; } = 1.8;

    /// <summary>One of many single runs behind their median.</summary>
    public bool Faint { get; init; }

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame) => svg.Stroke(Path(Points, frame), Look.Colour, Thickness, Look.Dash, Faint ? 0.4 : 1);

    // Of the points within half a pixel of each other only first, lowest, highest and last are written: the picture is the same.
    internal static string Path(ImmutableArray<Point> points, Frame frame)
    {
        var path = new StringBuilder();
        var here = new List<(double X, double Y)>();
        bool drawing = false;
        void Flush()
        {
            foreach ((double x, double y) in Extremes(here))
            {
                path.Append(drawing ? 'L' : 'M').Append(Svg.Number(x)).Append(',').Append(Svg.Number(y));
                drawing = true;
            }

            here.Clear();
        }

        foreach (Point point in points)
        {
            if (!frame.Shows(point))
            {
                Flush();
                drawing = false;
                continue;
            }

            (double X, double Y) place = (frame.X(point.X), frame.Y(point.Y));
            if (here.Count > 0 && Math.Floor(place.X * 2) > Math.Floor(here[0].X * 2))
                Flush();
            here.Add(place);
        }

        Flush();
        return path.ToString();
    }

    private static IEnumerable<(double X, double Y)> Extremes(List<(double X, double Y)> column)
    {
        if (column.Count <= 4)
            return column;
        int lowest = 0, highest = 0;
        for (int i = 1; i < column.Count; i++)
        {
            lowest = column[i].Y < column[lowest].Y ? i : lowest;
            highest = column[i].Y > column[highest].Y ? i : highest;
        }

        return new[] { 0, lowest, highest, column.Count - 1 }.Distinct().Order().Select(i => column[i]);
    }
}
