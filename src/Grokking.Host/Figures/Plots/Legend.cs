using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>What of a look a legend shows.</summary>
internal enum LegendSample
{
    /// <summary>Line and marker.</summary>
    Both,

    /// <summary>The line.</summary>
    Line,

    /// <summary>The marker.</summary>
    Marker,

    /// <summary>A patch of the colour with the line around it.</summary>
    Patch,
}

/// <summary>One line of a legend.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Look">How it looks.</param>
/// <param name="Sample">What of the look is shown.</param>
internal sealed record LegendEntry(string Name, Look Look, LegendSample Sample = LegendSample.Line);

/// <summary>Names beside samples of their looks, in rows above a frame, where they hide no data.</summary>
internal static class Legend
{
    /// <summary>Pixels of a row.</summary>
    public const double RowHeight = 18;

    private const double Size = 11.5;
    private const double SampleWidth = 30;
    private const double Gap = 18;

    /// <summary>Breaks a legend into rows.</summary>
    public static ImmutableArray<ImmutableArray<LegendEntry>> Rows(ImmutableArray<LegendEntry> entries, double room)
    {
        var rows = new List<List<LegendEntry>>();
        foreach (LegendEntry entry in entries)
        {
            if (rows.Count > 0 && rows[^1].Append(entry).Sum(WidthOf) <= room + Gap)
                rows[^1].Add(entry);
            else
                rows.Add([entry]);
        }

        return [.. rows.Select(row => row.ToImmutableArray())];
    }

    /// <summary>Draws the rows, the first one's words on a given height.</summary>
    public static void Draw(Svg svg, ImmutableArray<ImmutableArray<LegendEntry>> rows, double left, double baseline)
    {
        foreach ((int row, ImmutableArray<LegendEntry> entries) in rows.Index())
        {
            double x = left;
            double y = baseline + (row * RowHeight);
            foreach (LegendEntry entry in entries)
            {
                Sample(svg, entry, x, y - 4);
                svg.Words(x + SampleWidth + 6, y, entry.Name, Size);
                x += WidthOf(entry);
            }
        }
    }

    private static double WidthOf(LegendEntry entry) => SampleWidth + 6 + Lettering.Width(entry.Name, Size) + Gap;

    private static void Sample(Svg svg, LegendEntry entry, double x, double y)
    {
        if (entry.Sample == LegendSample.Patch)
        {
            string patch = $"M{Svg.Number(x + 6)},{Svg.Number(y - 5)}h18v10h-18z";
            svg.Fill(patch, entry.Look.Colour, 0.18);
            svg.Stroke(patch, entry.Look.Colour, 1.4, entry.Look.Dash);
        }

        if (entry.Sample is LegendSample.Line or LegendSample.Both)
            svg.Line(x, y, x + SampleWidth, y, entry.Look.Colour, 1.8, entry.Look.Dash);
        if (entry.Sample is LegendSample.Marker or LegendSample.Both)
            MarkerShape.Draw(svg, entry.Look.Marker, x + (SampleWidth / 2), y, 3.6, entry.Look.Colour);
    }
}
