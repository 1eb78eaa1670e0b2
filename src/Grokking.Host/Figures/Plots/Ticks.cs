using System.Collections.Immutable;
using System.Globalization;

namespace Grokking.Host.Figures.Plots;

/// <summary>A mark on an axis.</summary>
/// <param name="Value">Where.</param>
/// <param name="Label">Its words; the empty string for a minor one.</param>
internal sealed record Tick(double Value, string Label);

/// <summary>
/// Where the marks of an axis stand: round steps; on a logarithmic axis the powers of ten, with their multiples as minor ticks where few enough
/// decades are shown.
/// </summary>
internal static class Ticks
{
    private const int Most = 6;
    private static readonly double[] RoundDigits = [1, 2, 2.5, 5, 10];

    /// <summary>The ticks of an axis, ascending.</summary>
    public static ImmutableArray<Tick> Of(Axis axis) => axis switch
    {
        { Names.IsEmpty: false } => [.. axis.Names.Select((name, i) => new Tick(i, name))],
        { Logarithmic: true } => Decades(axis),
        _ => RoundSteps(axis),
    };

    /// <summary>A number as the label of a tick, with no more digits than it needs.</summary>
    public static string Text(double value)
    {
        double size = Math.Abs(value);
        return size is >= 1e6 or (> 0 and < 1e-4)
            ? Scientific(value)
            : Math.Round(value, 8).ToString("#,0.########", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private static ImmutableArray<Tick> Decades(Axis axis)
    {
        double decades = Math.Log10(axis.To / axis.From);
        int first = (int)Math.Floor(Math.Log10(axis.From));
        int last = (int)Math.Ceiling(Math.Log10(axis.To));
        int every = (int)Math.Ceiling(decades / Most);
        Tick[] ticks =
        [
            .. from power in Enumerable.Range(first, last - first + 1)
               from digit in Enumerable.Range(1, 9)
               let value = double.Parse($"{digit}e{power}", CultureInfo.InvariantCulture)
               where axis.Shows(value) && (every <= 1 || digit == 1)
               select new Tick(value, Labelled(digit, power, decades, every) ? Text(value) : ""),
        ];
        // A range inside one decade may hold none of the labelled multiples; then round steps say more.
        return ticks.Count(tick => tick.Label.Length > 0) >= 2 ? [.. ticks] : [.. RoundSteps(axis)];
    }

    private static bool Labelled(int digit, int power, double decades, int every) => digit switch
    {
        1 => power % every == 0,
        3 => decades is >= 0.9 and < 1.3,
        2 or 5 => decades < 0.9,
        _ => false,
    };

    private static ImmutableArray<Tick> RoundSteps(Axis axis)
    {
        double rough = (axis.To - axis.From) / Most;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = RoundDigits.Select(digit => digit * power).First(candidate => candidate >= rough * 0.999);
        return
        [
            .. Enumerable.Range(0, 2 * Most)
                .Select(i => (Math.Ceiling((axis.From / step) - 1e-9) + i) * step)
                .Where(axis.Shows)
                .Select(value => new Tick(value, Text(value))),
        ];
    }

    // 3×10⁵, with the one left out: 10⁵.
    private static string Scientific(double value)
    {
        string[] parts = value.ToString("0.###e0", CultureInfo.InvariantCulture).Split('e');
        string power = string.Concat(parts[1].Select(sign => sign == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign - '0']));
        return parts[0] switch { "1" => $"10{power}", "-1" => $"−10{power}", _ => $"{parts[0].Replace('-', '−')}×10{power}" };
    }
}
