using System.Globalization;

namespace Grokking.Host.Figures;

/// <summary>Maps values to places along an axis, and says where its ticks stand.</summary>
/// <param name="From">The value at the axis' start; positive on a logarithmic axis.</param>
/// <param name="To">The value at its end, larger than the start.</param>
/// <param name="Start">The place of the start, in pixels.</param>
/// <param name="End">The place of the end, in pixels.</param>
/// <param name="Logarithmic">Whether equal ratios, rather than equal differences, are equally far apart.</param>
internal sealed record Scale(double From, double To, double Start, double End, bool Logarithmic)
{
    /// <summary>The place of a value.</summary>
    public double At(double value) => Start + ((End - Start) * Share(value));

    /// <summary>Whether the value has a place on the axis at all.</summary>
    public bool Shows(double value) => double.IsFinite(value) && (!Logarithmic || value > 0) && Share(value) is >= -1e-9 and <= 1 + 1e-9;

    /// <summary>Ticks with labels (and without, for the smaller ones): powers of ten and their multiples, or round steps.</summary>
    public IEnumerable<(double Value, string? Label)> Ticks() => Logarithmic ? Decades() : RoundSteps();

    private double Share(double value) => Logarithmic
        ? (Math.Log10(value) - Math.Log10(From)) / (Math.Log10(To) - Math.Log10(From))
        : (value - From) / (To - From);

    private IEnumerable<(double Value, string? Label)> Decades()
    {
        var fewDecades = Math.Log10(To / From) < 1.5;
        for (var power = (int)Math.Floor(Math.Log10(From)); power <= Math.Ceiling(Math.Log10(To)); power++)
        {
            for (var digit = 1; digit <= 9; digit++)
            {
                var value = digit * Math.Pow(10, power);
                if (Shows(value))
                {
                    yield return (value, digit == 1 || (fewDecades && digit is 2 or 5) ? Text(value) : null);
                }
            }
        }
    }

    private IEnumerable<(double Value, string? Label)> RoundSteps()
    {
        var rough = (To - From) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 2.5, 5, 10 }.Select(digit => digit * power).First(candidate => candidate >= rough * 0.999);
        for (var i = (long)Math.Ceiling((From / step) - 1e-9); i * step <= To + (step * 1e-9); i++)
        {
            yield return (i * step, Text(i * step));
        }
    }

    private static string Text(double value)
    {
        var size = Math.Abs(value);
        return size is >= 1e5 or (> 0 and < 1e-3)
            ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
            : Math.Round(value, 6).ToString("#,0.######", CultureInfo.InvariantCulture);
    }
}
