using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Grokking.Host.Figures.Plots;

namespace Grokking.Service.Figures;

/// <summary>The pieces of a figure.</summary>
public class PlotTests
{
    // Contrast that graphics need against their ground: Web Content Accessibility Guidelines 2.2, 1.4.11; that of words: 1.4.3.
    private const double GraphicsContrast = 3;
    private const double WordsContrast = 4.5;

    // A difference of lightness and colour in OKLab that is seen at a glance; 0.02 is about the least that can be seen side by side.
    private const double SeenApart = 0.12;

    private static readonly Frame Square = new(0, 0, 100, 100, new("", 0, 10, false), new("", 0, 10, false));

    [Fact]
    public void Every_look_stands_out_against_white_and_words_more_so()
    {
        Assert.All(Palette.Looks, look => Assert.InRange(ContrastWithWhite(look.Colour), GraphicsContrast, 21));
        Assert.All([Svg.Ink, Svg.Faint], ink => Assert.InRange(ContrastWithWhite(ink), WordsContrast, 21));
    }

    [Fact]
    public void No_two_looks_share_colour_dash_or_marker()
    {
        Assert.Equal(Palette.Looks.Length, Palette.Looks.Select(look => look.Colour).Distinct().Count());
        Assert.Equal(Palette.Looks.Length, Palette.Looks.Select(look => look.Dash).Distinct().Count());
        Assert.Equal(Palette.Looks.Length, Palette.Looks.Select(look => look.Marker).Distinct().Count());
    }

    [Theory]
    [InlineData("protanopia")]
    [InlineData("deuteranopia")]
    public void The_first_six_colours_differ_for_readers_who_confuse_red_and_green(string vision)
    {
        (double L, double A, double B)[] seen = [.. Palette.Looks.Take(6).Select(look => Lab(Seen(Linear(look.Colour), vision)))];

        foreach ((int i, int j) in from i in Enumerable.Range(0, 6) from j in Enumerable.Range(0, i) select (i, j))
        {
            double distance = Math.Sqrt(Math.Pow(seen[i].L - seen[j].L, 2) + Math.Pow(seen[i].A - seen[j].A, 2) + Math.Pow(seen[i].B - seen[j].B, 2));
            Assert.True(distance > SeenApart, $"{Palette.At(i).Colour} and {Palette.At(j).Colour}: {distance:0.000}");
        }
    }

    [Fact]
    public void The_colours_of_a_heat_map_darken_evenly_so_that_grey_print_keeps_their_order()
    {
        double[] lightness = [.. Enumerable.Range(0, 101).Select(i => Lab(Linear(ColourScale.At(i / 100.0))).L)];

        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, 0.001, 0.02));
        Assert.All(Enumerable.Range(0, 101), i => Assert.InRange(Contrast(ColourScale.At(i / 100.0), ColourScale.InkOn(i / 100.0) == "#fff" ? "#ffffff" : "#000000"), WordsContrast, 21));
    }

    [Fact]
    public void A_curve_has_gaps_where_there_is_no_value_and_keeps_the_extremes_of_what_is_too_close_to_see()
    {
        Assert.Equal("M0,100L10,90M30,70L40,60", Curve.Path([new(0, 0), new(1, 1), new(2, double.NaN), new(3, 3), new(4, 4)], Square));

        Point[] spike = [.. Enumerable.Range(0, 1000).Select(i => new Point(5 + (i * 1e-5), i == 500 ? 9 : 5))];
        Assert.Equal("M50,50L50.05,10L50.1,50", Curve.Path([.. spike], Square));
    }

    [Fact]
    public void A_histogram_counts_every_value_once_and_the_last_edge_as_well()
    {
        Histogram histogram = Histogram.Of([0, 0.99, 1, 2.5, 4, 4.01, double.NaN], Histogram.Split(0, 4, 4, false));

        Assert.Equal([2, 1, 1, 1], histogram.Counts.AsEnumerable());
        Assert.Equal([1.0, 10, 100], Histogram.Split(1, 100, 2, true).AsEnumerable());
    }

    [Fact]
    public void Words_are_escaped_and_numbers_do_not_follow_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            Figure figure = Sample();
            string here = figure.Draw(whole: true);
            CultureInfo.CurrentCulture = Commas();

            Assert.Equal(here, figure.Draw(whole: true));
            XElement svg = XDocument.Parse(here).Root!;
            Assert.Equal("a < b & \"c\"", svg.Element(svg.Name.Namespace + "title")!.Value);
            Assert.Equal("sample-title sample-desc", svg.Attribute("aria-labelledby")!.Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_heat_map_writes_its_numbers_only_where_they_have_room()
    {
        Figure large = Heat(4), small = Heat(97);

        Assert.Contains(">1.27<", large.Draw(whole: false), StringComparison.Ordinal);
        Assert.DoesNotContain(">1.27<", small.Draw(whole: false), StringComparison.Ordinal);
        Assert.InRange(small.Draw(whole: false).Length, 1, 600_000);
    }

    private static CultureInfo Commas()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        return culture;
    }

    private static Figure Sample() => new("sample", "a < b & \"c\"", "A caption.", "A description.",
    [
        new Panel("panel", new("x", 0, 1.5, false), new("y", 1, 1000, true),
        [
            new Band([(0.25, 2, 3), (0.5, 20, 300)], Palette.At(0)), new Curve([new(0.25, 2.5), new(0.5, 50)], Palette.At(0)),
            new Dots([new(0.3, 7)], Palette.At(1)), new Level(10.5, "level"), new Moment(0.75, "moment", 0),
        ],
        [new("first", Palette.At(0)), new("second", Palette.At(1), LegendSample.Marker)]),
    ]);

    private static Figure Heat(int size)
    {
        string[] names = [.. Enumerable.Range(0, size).Select(i => $"{i}")];
        double At(int row, int column) => column == size - 1 ? 1.27 : ((row * 31) + (column * 17)) % 80 / 64.0;
        var map = new HeatMap([.. Enumerable.Range(0, size).Select(row => Enumerable.Range(0, size).Select(column => At(row, column)).ToImmutableArray())], new("value", 0, 1.5, false));
        return new("heat", "heat", "", "", [new Panel("", Axis.Of("x", [.. names]), Axis.Of("y", [.. names]), [map], [])]);
    }

    private static (double R, double G, double B) Linear(string colour)
    {
        double Part(int at)
        {
            double light = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return light <= 0.04045 ? light / 12.92 : Math.Pow((light + 0.055) / 1.055, 2.4);
        }

        return (Part(1), Part(3), Part(5));
    }

    private static double Luminance(string colour)
    {
        (double r, double g, double b) = Linear(colour);
        return (0.2126 * r) + (0.7152 * g) + (0.0722 * b);
    }

    private static double Contrast(string one, string other)
    {
        double[] light = [.. new[] { Luminance(one), Luminance(other) }.Order()];
        return (light[1] + 0.05) / (light[0] + 0.05);
    }

    private static double ContrastWithWhite(string colour) => Contrast(colour, "#ffffff");

    // G. M. Machado, M. M. Oliveira, L. A. F. Fernandes (2009), severity 1, on linear light.
    private static (double R, double G, double B) Seen((double R, double G, double B) c, string vision) => vision == "protanopia"
        ? ((0.152286 * c.R) + (1.052583 * c.G) - (0.204868 * c.B), (0.114503 * c.R) + (0.786281 * c.G) + (0.099216 * c.B), (-0.003882 * c.R) - (0.048116 * c.G) + (1.051998 * c.B))
        : ((0.367322 * c.R) + (0.860646 * c.G) - (0.227968 * c.B), (0.280085 * c.R) + (0.672501 * c.G) + (0.047413 * c.B), (-0.011820 * c.R) + (0.042940 * c.G) + (0.968881 * c.B));

    private static (double L, double A, double B) Lab((double R, double G, double B) c)
    {
        double l = Math.Cbrt((0.4122214708 * c.R) + (0.5363325363 * c.G) + (0.0514459929 * c.B));
        double m = Math.Cbrt((0.2119034982 * c.R) + (0.6806995451 * c.G) + (0.1073969566 * c.B));
        double s = Math.Cbrt((0.0883024619 * c.R) + (0.2817188376 * c.G) + (0.6299787005 * c.B));
        return (
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }
}
