using System.Collections.Immutable;
using System.Text;

namespace Grokking.Host.Figures.Plots;

/// <summary>A table of numbers as coloured cells, on axes whose places are 0, 1, 2, …</summary>
/// <param name="Rows">The table, its first row lowest; NaN where there is no number.</param>
/// <param name="Colours">From number to colour: an axis that is drawn as the colour bar.</param>
internal sealed record HeatMap(ImmutableArray<ImmutableArray<double>> Rows, Axis Colours) : Mark
{
    // More cannot be told apart, and cells of one colour are one path.
    private const int Shades = 128;

    // Larger tables are drawn as a bitmap.
    private const int LargestOutlined = 4096;
    private const string Missing = "#e6e6e6";
    private const double LetterSize = 11;

    /// <summary>Whether the numbers stand in their cells where there is room.</summary>
    public bool Lettered { get; init; } = true;

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        if (Rows.Length * Rows[0].Length > LargestOutlined)
            Pixels(svg, frame);
        else
            Outlines(svg, frame);
        if (Lettered)
            Letters(svg, frame);
    }

    private void Outlines(Svg svg, Frame frame)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        for (int row = 0; row < Rows.Length; row++)
        {
            for (int first = 0, next; first < Rows[row].Length; first = next)
            {
                int shade = ShadeOf(Rows[row][first]);
                for (next = first + 1; next < Rows[row].Length && ShadeOf(Rows[row][next]) == shade;)
                    next++;
                if (!paths.TryGetValue(shade, out StringBuilder? path))
                    paths.Add(shade, path = new());
                path.Append($"M{Svg.Number(frame.X(first - 0.5))},{Svg.Number(frame.Y(row + 0.5))}")
                    .Append($"H{Svg.Number(frame.X(next - 0.5))}V{Svg.Number(frame.Y(row - 0.5))}H{Svg.Number(frame.X(first - 0.5))}z");
            }
        }

        svg.Raw("<g shape-rendering=\"crispEdges\">");
        foreach ((int shade, StringBuilder path) in paths)
            svg.Fill(path.ToString(), shade < 0 ? Missing : ColourScale.At((double)shade / Shades));
        svg.Raw("</g>");
    }

    private void Pixels(Svg svg, Frame frame)
    {
        ImmutableArray<string> palette = [.. Enumerable.Range(0, Shades + 1).Select(shade => ColourScale.At((double)shade / Shades)), Missing];
        var bitmap = new Bitmap(
            Rows[0].Length, Rows.Length, palette, [.. Rows.Reverse().SelectMany(row => row).Select(value => (byte)(ShadeOf(value) is var shade and >= 0 ? shade : Shades + 1))]);
        (double left, double top) = (frame.X(-0.5), frame.Y(Rows.Length - 0.5));
        (double width, double height) = (frame.X(Rows[0].Length - 0.5) - left, frame.Y(-0.5) - top);
        svg.Raw($"""<image x="{Svg.Number(left)}" y="{Svg.Number(top)}" width="{Svg.Number(width)}" height="{Svg.Number(height)}" preserveAspectRatio="none" style="image-rendering:pixelated" href="{bitmap.DataUri}"/>""");
    }

    private int ShadeOf(double value) => double.IsNaN(value) || (Colours.Logarithmic && value <= 0)
        ? -1
        : (int)Math.Round(Shades * Math.Clamp(Colours.Share(value), 0, 1));

    private void Letters(Svg svg, Frame frame)
    {
        double height = frame.Height / Rows.Length;
        double width = frame.Width / Math.Max(1, Rows[0].Length);
        (int Row, int Column, string Words, string Ink)[] letters =
        [
            .. from row in Enumerable.Range(0, Rows.Length)
               from column in Enumerable.Range(0, Rows[row].Length)
               let value = Rows[row][column]
               let shade = ShadeOf(value)
               select (row, column, shade < 0 ? "–" : Rounded(value), shade < 0 ? Svg.Ink : ColourScale.InkOn((double)shade / Shades)),
        ];
        if (height < LetterSize + 4 || letters.Max(each => Lettering.Width(each.Words, LetterSize)) > width - 4)
            return;
        foreach ((int row, int column, string words, string ink) in letters)
            svg.Words(frame.X(column), frame.Y(row) + (0.36 * LetterSize), words, LetterSize, "middle", ink);
    }

    // Three digits are what a cell is read for.
    private static string Rounded(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return Ticks.Text(value);
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2);
        return Ticks.Text(unit >= 1 ? Math.Round(value) : Math.Round(value / unit) * unit);
    }
}
