using System.Collections.Immutable;
using System.Globalization;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Figures;

/// <summary>
/// The learning curves of one run, drawn from its saved metrics: accuracy, loss, and the growth of the weights over the steps
/// (arXiv 2301.02679, Fig. 1). Every evaluated step that the axis can show is drawn; nothing is smoothed or left out.
/// </summary>
internal static class LearningCurves
{
    private const string NormPrefix = "weight_norm_";
    private static readonly Look Train = Palette.At(0);
    private static readonly Look Test = Palette.At(1);

    /// <summary>The picture of a run's metrics.</summary>
    /// <param name="metrics">The run's metrics, ascending by step.</param>
    /// <param name="title">The heading.</param>
    /// <param name="modulus">p: chance accuracy and the loss of a zero output (for mean squared error) are both 1/p.</param>
    /// <param name="zeroLoss">The loss of a network that has learnt nothing, and the words for it.</param>
    public static Figure Of(ParquetTable metrics, string title, int modulus, (double Value, string Words) zeroLoss)
    {
        double[] steps = [.. metrics.Longs("step").Select(step => (double)step!.Value)];
        ImmutableArray<Point> Points(string column, double divisor = 1) =>
            [.. steps.Zip(metrics.Doubles(column), (step, value) => new Point(step, (value ?? double.NaN) / divisor))];

        ImmutableArray<(double Step, string Words)> moments = [.. Moments(Points("train_accuracy"), Points("test_accuracy"))];
        Axis x = Steps(steps, moments);
        ImmutableArray<Curve> losses = [new(Points("train_loss"), Train), new(Points("test_loss"), Test)];
        ImmutableArray<LegendEntry> both = [new("train", Train), new("test", Test)];
        ImmutableArray<Mark> lines = [.. moments.Select(moment => new Moment(moment.Step, "", 0))];
        var panels = new List<Panel>
        {
            new("accuracy", x, new("", 0, 1.04, false),
            [
                new Level(1.0 / modulus, "chance 1/p"), new Curve(Points("train_accuracy"), Train), new Curve(Points("test_accuracy"), Test),
                .. moments.Select((moment, i) => new Moment(moment.Step, moment.Words, i / 2) { Start = 0.7, Before = i == 0 && moments.Length > 1 }),
            ], both),
            new("loss", x, Axis.Around("", Values(losses).Append(zeroLoss.Value), true), [new Level(zeroLoss.Value, zeroLoss.Words), .. lines, .. losses], both),
        };

        string[] norms = [.. metrics.Schema.Columns.Select(column => column.Name).Where(name => name.StartsWith(NormPrefix, StringComparison.Ordinal)).Take(Palette.Looks.Length)];
        if (norms.Length > 0 && steps.Length > 0)
        {
            ImmutableArray<Curve> growth = [.. norms.Select((name, i) => new Curve(Points(name, metrics.Doubles(name)[0] ?? double.NaN), Palette.At(i)))];
            ImmutableArray<LegendEntry> names = [.. norms.Select((name, i) => new LegendEntry(name[NormPrefix.Length..], Palette.At(i)))];
            panels.Add(new("weight norms / their values at step 0", x, Axis.Around("", Values(growth).Append(0), false), [.. lines, .. growth], names));
        }

        panels[^1] = panels[^1] with { Horizontal = x with { Label = "step (optimiser updates)" } };
        return new Figure("curves", title, "", Description(panels, moments), [.. panels]) { Width = 860 };
    }

    /// <summary>
    /// The axis of steps: logarithmic from the first evaluated update on, unless the run spent more than a tenth of its steps before it
    /// memorised (or never did); then equal steps are equally far apart, and the transition is not squeezed into the end.
    /// </summary>
    private static Axis Steps(double[] steps, ImmutableArray<(double Step, string Words)> moments)
    {
        double last = steps.Length == 0 ? 1 : Math.Max(1, steps[^1]);
        double first = Array.Find(steps, step => step > 0) is > 0 and var found && found < last ? found : last / 10;
        bool logarithmic = moments.Length > 0 && moments[0].Step > 0 && moments[0].Step < last / 10;
        return new("", logarithmic ? first : 0, last, logarithmic);
    }

    private static IEnumerable<double> Values(IEnumerable<Curve> curves) => curves.SelectMany(curve => curve.Points).Select(point => point.Y);

    private static IEnumerable<(double Step, string Words)> Moments(ImmutableArray<Point> train, ImmutableArray<Point> test)
    {
        IEnumerable<(double Step, string Words)> First(ImmutableArray<Point> points, string words) => points
            .Where(point => point.Y >= 0.95)
            .Take(1)
            .Select(point => (point.X, string.Create(CultureInfo.InvariantCulture, $"{words} {point.X:#,0}")));
        return [.. First(train, "memorised (train ≥ 95 %) at step"), .. First(test, "grokked (test ≥ 95 %) at step")];
    }

    private static string Description(IEnumerable<Panel> panels, ImmutableArray<(double Step, string Words)> moments) =>
        $"Curves over the steps: {string.Join("; ", panels.Select(panel => panel.Title))}. "
        + (moments.IsEmpty ? "Neither memorised nor grokked." : string.Concat(moments.Select(moment => $"{moment.Words}. ")).Trim());
}
