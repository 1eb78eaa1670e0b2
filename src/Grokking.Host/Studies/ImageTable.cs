using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies;

/// <summary>Images of a network as a table, and back as charts.</summary>
internal static class ImageTable
{
    /// <summary>A row for each image and place; values are rounded to float32.</summary>
    /// <param name="images">The images by name, all of one side.</param>
    public static StudyTable Of(IReadOnlyList<(string Name, Image Image)> images) => StudyTable.Of(
        "a row for each image and place: row n and column m, or frequencies along them",
        TableColumn.Text("image", [.. images.SelectMany(each => Enumerable.Repeat(each.Name, each.Image.Values.Length))]),
        TableColumn.Int32("row", [.. images.SelectMany(each => Enumerable.Range(0, each.Image.Values.Length).Select(place => place / each.Image.Side))]),
        TableColumn.Int32("column", [.. images.SelectMany(each => Enumerable.Range(0, each.Image.Values.Length).Select(place => place % each.Image.Side))]),
        TableColumn.Float("value", [.. images.SelectMany(each => each.Image.Values).Select(value => (float)value)]));

    /// <summary>The neuron whose power is most at one frequency: it shows best what a neuron does. The first where none has a frequency.</summary>
    public static int PurestNeuron(Specimen specimen) => specimen.NeuronPhases.Select(phase => (phase.Neuron, phase.PowerShare)).DefaultIfEmpty().MaxBy(each => each.PowerShare).Neuron;

    /// <summary>The rows of an image.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">The image's name.</param>
    public static ImmutableArray<ImmutableArray<double>> Rows(StudyTable table, string name)
    {
        (string[] names, double[] rows, double[] values) = (table.Texts("image"), table.Numbers("row"), table.Numbers("value"));
        return [.. Enumerable.Range(0, names.Length).Where(i => names[i] == name).GroupBy(i => rows[i]).Select(row => row.Select(i => values[i]).ToImmutableArray())];
    }

    /// <summary>An image as a chart with a colour bar of its own.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="title">The chart's heading.</param>
    /// <param name="axes">What stands along the columns and along the rows.</param>
    /// <param name="from">The least value that is told apart, on a logarithmic scale; null for a scale of equal differences.</param>
    public static Panel Chart(StudyTable table, string name, string title, (string Columns, string Rows) axes, double? from = null)
    {
        ImmutableArray<ImmutableArray<double>> rows = Rows(table, name);
        double[] values = [.. rows.SelectMany(row => row).Where(double.IsFinite).DefaultIfEmpty(0)];
        Axis colours = from is { } least
            ? new("", least, Math.Max(values.Max(), least * 10), true)
            : new("", values.Min(), values.Max() > values.Min() ? values.Max() : values.Min() + 1, false);
        // On a logarithmic scale what is smaller than the least value looks like it.
        ImmutableArray<ImmutableArray<double>> shown = from is { } floor ? [.. rows.Select(row => row.Select(value => Math.Max(value, floor)).ToImmutableArray())] : rows;
        return new(
            title,
            new(axes.Columns, -0.5, rows[0].Length - 0.5, false),
            new(axes.Rows, -0.5, rows.Length - 0.5, false),
            [new HeatMap(shown, colours) { Lettered = false }],
            []);
    }
}
