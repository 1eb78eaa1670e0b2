using System.Collections.Immutable;
using System.Globalization;
using System.Security;
using System.Text;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Figures;

/// <summary>
/// The learning curves of one run, drawn from its saved metrics: accuracy, loss, and the growth of the weights over the steps
/// (arXiv 2301.02679, Fig. 1). Every evaluated step that the axis can show is drawn; nothing is smoothed or left out.
/// </summary>
internal static class LearningCurves
{
    private const int Width = 860;
    private const int PanelHeight = 190;
    private const int Gap = 48;
    private const int Left = 74;
    private const int Top = 58;
    private const string TrainColour = "#0072b2";
    private const string TestColour = "#d55e00";
    private static readonly string[] NormColours = ["#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

    /// <summary>An SVG document from the metrics of a run.</summary>
    /// <param name="metrics">The run's metrics, ascending by step.</param>
    /// <param name="title">The heading.</param>
    /// <param name="modulus">p: chance accuracy and the loss of a zero output (for mean squared error) are both 1/p.</param>
    /// <param name="zeroLoss">The loss of a network that has learnt nothing, and the words for it.</param>
    public static string Draw(ParquetTable metrics, string title, int modulus, (double Value, string Words) zeroLoss)
    {
        var steps = metrics.Longs("step").Select(step => (double)step!.Value).ToArray();
        ImmutableArray<(double X, double Y)> Points(string column, double divisor = 1) =>
            [.. steps.Zip(metrics.Doubles(column), (step, value) => (step, (value ?? double.NaN) / divisor))];

        var losses = new[] { Line("train", "train_loss", TrainColour, ""), Line("test", "test_loss", TestColour, "7,3") };
        var moments = Moments(Points("train_accuracy"), Points("test_accuracy"));
        var x = Steps(steps, moments);
        var panels = new List<Panel>
        {
            new("accuracy", x, At(0, 0, 1.02, false), [Line("train", "train_accuracy", TrainColour, ""), Line("test", "test_accuracy", TestColour, "7,3")], [new(1.0 / modulus, "chance 1/p")], moments),
            new("loss", x, Fitted(1, losses, true, zeroLoss.Value), [.. losses], [new(zeroLoss.Value, zeroLoss.Words)], moments),
        };

        string[] norms = [.. metrics.Schema.Columns.Select(column => column.Name).Where(name => name.StartsWith("weight_norm_", StringComparison.Ordinal))];
        if (norms.Length > 0 && steps.Length > 0)
        {
            Curve[] growth = [.. norms.Select((name, i) => new Curve(
                name["weight_norm_".Length..],
                Points(name, metrics.Doubles(name)[0] ?? double.NaN),
                NormColours[i % NormColours.Length],
                i == 0 ? "" : $"{2 + (3 * i)},3"))];
            panels.Add(new("weight norms / their values at step 0", x, Fitted(2, growth, false, 1), [.. growth], [], moments));
        }

        return Document(panels, title);

        Curve Line(string name, string column, string colour, string dash) => new(name, Points(column), colour, dash);
    }

    /// <summary>
    /// The axis of steps: logarithmic from the first evaluated update on, unless the run spent more than a tenth of its steps before it
    /// memorised (or never did); then equal steps are equally far apart, and the transition is not squeezed into the end.
    /// </summary>
    private static Scale Steps(double[] steps, ImmutableArray<Reference> moments)
    {
        var last = steps.Length == 0 ? 1 : Math.Max(1, steps[^1]);
        var first = Array.Find(steps, step => step > 0) is > 0 and var found && found < last ? found : last / 10;
        var logarithmic = moments.Length > 0 && moments[0].Value > 0 && moments[0].Value < last / 10;
        return new(logarithmic ? first : 0, last, Left, Width - 24, logarithmic);
    }

    private static Scale At(int place, double from, double to, bool logarithmic)
    {
        var top = Top + (place * (PanelHeight + Gap));
        return new(from, to, top + PanelHeight, top, logarithmic);
    }

    private static Scale Fitted(int place, IEnumerable<Curve> curves, bool logarithmic, double atLeast)
    {
        var values = curves.SelectMany(curve => curve.Points).Select(point => point.Y)
            .Where(value => double.IsFinite(value) && (!logarithmic || value > 0)).Append(atLeast).ToArray();
        var (low, high) = (values.Min(), values.Max());
        return logarithmic
            ? At(place, low / 1.3, high * 1.3, true)
            : At(place, 0, Math.Max(high, low) * 1.05, false);
    }

    private static ImmutableArray<Reference> Moments(ImmutableArray<(double X, double Y)> train, ImmutableArray<(double X, double Y)> test)
    {
        Reference[] First(ImmutableArray<(double X, double Y)> points, string words) => points.FirstOrDefault(point => point.Y >= 0.95, (-1, 0)).Item1 is >= 0 and var step
            ? [new(step, string.Create(CultureInfo.InvariantCulture, $"{words} {step:#,0}"))]
            : [];
        return [.. First(train, "memorised (train ≥ 95 %) at step"), .. First(test, "grokked (test ≥ 95 %) at step")];
    }

    private static string Document(List<Panel> panels, string title)
    {
        var height = Top + (panels.Count * (PanelHeight + Gap)) + 8;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" font-family="Helvetica, Arial, sans-serif">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{height}" fill="#fff"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="26" font-size="16" fill="#111">{SecurityElement.Escape(title)}</text>""");
        for (var place = 0; place < panels.Count; place++)
        {
            panels[place].Draw(svg, labelsMoments: place == 0, place == panels.Count - 1 ? "step (optimiser updates)" : null);
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
