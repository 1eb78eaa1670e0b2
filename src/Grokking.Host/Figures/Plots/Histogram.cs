using System.Collections.Immutable;
using System.Text;

namespace Grokking.Host.Figures.Plots;

/// <summary>How many values lie in each of several equal ranges.</summary>
/// <param name="Edges">Ascending; one more than there are ranges. On a logarithmic axis their ratios are equal.</param>
/// <param name="Counts">Values from an edge on, up to but without the next; the last range includes its end.</param>
internal sealed record Histogram(ImmutableArray<double> Edges, ImmutableArray<int> Counts)
{
    /// <summary>Ranges between two ends.</summary>
    public static ImmutableArray<double> Split(double from, double to, int count, bool logarithmic) =>
    [
        .. Enumerable.Range(0, count + 1).Select(i => i == count ? to
            : logarithmic ? from * Math.Pow(to / from, (double)i / count)
            : from + ((to - from) * i / count)),
    ];

    /// <summary>Counts values; those beyond the outermost edges are not counted.</summary>
    public static Histogram Of(IEnumerable<double> values, ImmutableArray<double> edges)
    {
        var counts = new int[edges.Length - 1];
        foreach (double value in values)
        {
            if (!(value >= edges[0] && value <= edges[^1]))
                continue;
            int at = edges.BinarySearch(value);
            counts[Math.Min(at >= 0 ? at : ~at - 1, counts.Length - 1)]++;
        }

        return new(edges, [.. counts]);
    }
}

/// <summary>A histogram as a filled outline; several may lie over each other.</summary>
/// <param name="Of">The counts.</param>
/// <param name="Look">Its look.</param>
internal sealed record Bars(Histogram Of, Look Look) : Mark
{
    /// <summary>What one counted value adds to the height: 1, or a share of all.</summary>
    public double Unit { get; init; } = 1;

    /// <summary>Only the outline, for what others are compared with.</summary>
    public bool Empty { get; init; }

    /// <inheritdoc/>
    public override void Draw(Svg svg, Frame frame)
    {
        double ground = frame.Y(frame.Vertical.Clamp(0));
        var path = new StringBuilder($"M{Svg.Number(frame.X(Of.Edges[0]))},{Svg.Number(ground)}");
        for (int i = 0; i < Of.Counts.Length; i++)
        {
            path.Append('V').Append(Svg.Number(frame.Y(frame.Vertical.Clamp(Of.Counts[i] * Unit))))
                .Append('H').Append(Svg.Number(frame.X(Of.Edges[i + 1])));
        }

        path.Append('V').Append(Svg.Number(ground));
        if (!Empty)
            svg.Fill($"{path}z", Look.Colour, 0.18);
        svg.Stroke(path.ToString(), Look.Colour, 1.6, Look.Dash);
    }
}
