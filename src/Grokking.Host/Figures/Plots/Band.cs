using System.Collections.Immutable;
using System.Text;

namespace Grokking.Host.Figures.Plots;

/// <summary>What lies between two lines, such as the smallest and the largest of several runs.</summary>
/// <param name="Slices">(place, lower, upper), ascending; ends beyond the axis are cut, a slice that is no number leaves a gap.</param>
/// <param name="Look">Its look.</param>
internal sealed record Band(ImmutableArray<(double X, double Low, double High)> Slices, Look Look) : Mark
{
    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        var path = new StringBuilder();
        var piece = new List<(double X, double Low, double High)>();
        foreach ((double x, double low, double high) in Slices)
        {
            bool shown = frame.Horizontal.Shows(x) && !double.IsNaN(low) && !double.IsNaN(high);
            if (shown && piece.Count > 0 && Math.Floor(frame.X(x) * 2) <= Math.Floor(frame.X(piece[^1].X) * 2))
                piece[^1] = (piece[^1].X, Math.Min(low, piece[^1].Low), Math.Max(high, piece[^1].High));
            else if (shown)
                piece.Add((x, low, high));
            else
                Close(path, piece, frame);
        }

        Close(path, piece, frame);
        svg.Fill(path.ToString(), Look.Colour, 0.2);
    }

    private static void Close(StringBuilder path, List<(double X, double Low, double High)> piece, Frame frame)
    {
        if (piece.Count > 1)
        {
            string[] places =
            [
                .. piece.Select(slice => Place(slice.X, slice.High, frame)),
                .. Enumerable.Reverse(piece).Select(slice => Place(slice.X, slice.Low, frame)),
            ];
            path.Append('M').AppendJoin('L', places).Append('z');
        }

        piece.Clear();
    }

    private static string Place(double x, double y, Frame frame) => $"{Svg.Number(frame.X(x))},{Svg.Number(frame.Y(frame.Vertical.Clamp(y)))}";
}
