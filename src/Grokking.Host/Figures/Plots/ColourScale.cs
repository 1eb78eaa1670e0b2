using System.Globalization;

namespace Grokking.Host.Figures.Plots;

/// <summary>
/// From a share between 0 and 1 to a colour: pale yellow, green-blue, dark blue. Lightness falls evenly, so that grey print and every kind of
/// colour vision keep the order. Mixed in the space OKLab (B. Ottosson, 2020).
/// </summary>
internal static class ColourScale
{
    // Lightness, green–red, blue–yellow.
    private static readonly (double L, double A, double B)[] Stops =
        [(0.97, -0.02, 0.07), (0.76, -0.08, 0.03), (0.55, -0.06, -0.05), (0.37, -0.01, -0.10), (0.20, 0.01, -0.07)];

    /// <summary>The colour of a share, which is cut to 0…1.</summary>
    public static string At(double share)
    {
        (double r, double g, double b) = Linear(share);
        return string.Create(CultureInfo.InvariantCulture, $"#{Byte(r):x2}{Byte(g):x2}{Byte(b):x2}");
    }

    /// <summary>The ink that can be read on the colour of a share.</summary>
    public static string InkOn(double share)
    {
        (double r, double g, double b) = Linear(share);
        double luminance = (0.2126 * Math.Clamp(r, 0, 1)) + (0.7152 * Math.Clamp(g, 0, 1)) + (0.0722 * Math.Clamp(b, 0, 1));
        // Contrast with white equals contrast with black at this luminance.
        return luminance < 0.179 ? "#fff" : "#000";
    }

    private static (double R, double G, double B) Linear(double share)
    {
        double at = Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * (Stops.Length - 1);
        int i = Math.Min((int)at, Stops.Length - 2);
        double t = at - i;
        double lightness = Between(Stops[i].L, Stops[i + 1].L, t);
        double a = Between(Stops[i].A, Stops[i + 1].A, t);
        double b = Between(Stops[i].B, Stops[i + 1].B, t);
        double l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        double m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        double s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static double Between(double from, double to, double t) => from + ((to - from) * t);

    private static double Cube(double value) => value * value * value;

    // From linear light to the curve of sRGB (IEC 61966-2-1).
    private static int Byte(double linear)
    {
        double light = Math.Clamp(linear, 0, 1);
        return (int)Math.Round(255 * (light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055));
    }
}
