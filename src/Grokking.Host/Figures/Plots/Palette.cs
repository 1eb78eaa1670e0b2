using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>How one of several things looks. Colour, dash and marker all differ, so that each alone tells it from the others.</summary>
/// <param name="Colour">As #rrggbb.</param>
/// <param name="Dash">The SVG dash pattern; empty for a full line.</param>
/// <param name="Marker">The shape of its points.</param>
internal sealed record Look(string Colour, string Dash, Marker Marker);

/// <summary>
/// The looks of a figure. The colours, after Okabe and Ito's set for all kinds of colour vision, are darkened so that each stands out against
/// white by at least 3:1.
/// </summary>
internal static class Palette
{
    /// <summary>All looks, in the order in which they are given out.</summary>
    public static ImmutableArray<Look> Looks { get; } =
    [
        new("#0072b2", "", Marker.Disc),
        new("#d55e00", "7,3", Marker.Square),
        new("#1a1a1a", "2,2.5", Marker.Triangle),
        new("#8c1d40", "9,3,2,3", Marker.Diamond),
        new("#3d9be0", "14,4", Marker.Ring),
        new("#5b2a86", "5,2,1,2,1,2", Marker.Box),
        new("#00835f", "3,5", Marker.Cross),
        new("#a6761d", "12,3,4,3", Marker.Plus),
    ];

    /// <summary>A look by its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public static Look At(int number) => number < Looks.Length
        ? Looks[number]
        : throw new ArgumentOutOfRangeException(nameof(number), $"There are {Looks.Length} looks; {number} was asked for.");
}
