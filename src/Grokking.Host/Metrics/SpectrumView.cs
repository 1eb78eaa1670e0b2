using System.Collections.Immutable;
using System.Globalization;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;

namespace Grokking.Host.Metrics;

/// <summary>How the Fourier power of a network's neurons is spread, over time.</summary>
/// <param name="Steps">Steps, ascending; one for each table.</param>
/// <param name="Frequencies">Frequencies, ascending.</param>
/// <param name="ByFrequency">For each step the share of each frequency in a neuron's power, as the mean over neurons; a step's shares sum to 1.</param>
/// <param name="ByRank">For each step the share of a neuron's strongest frequency, of its second, and so on, as the mean over neurons; null where only the strongest is known.</param>
internal sealed record SpectrumView(
    ImmutableArray<long> Steps, ImmutableArray<int> Frequencies, ImmutableArray<ImmutableArray<double>> ByFrequency, ImmutableArray<ImmutableArray<double>>? ByRank)
{
    private static readonly string[] Powers = ["power_x1", "power_x2", "power_output"];

    /// <summary>Reads a run's tables of spectra or, where it has none, of phases: then each neuron's strongest frequency has all of its power.</summary>
    /// <returns>Without steps where it has neither.</returns>
    public static SpectrumView Of(RunDirectory run) =>
        Of(run.Spectra, table => Powers.Select(table.Doubles).Aggregate((sum, next) => [.. sum.Zip(next, (a, b) => a + b)]), ranks: true)
        ?? Of(run.Phases, table => [.. Enumerable.Repeat((double?)1, (int)table.RowCount)], ranks: false)
        ?? new([], [], [], null);

    private static SpectrumView? Of(string folder, Func<ParquetTable, double?[]> power, bool ranks)
    {
        if (!Directory.Exists(folder))
            return null;
        var tables = new SortedDictionary<long, ImmutableArray<ImmutableArray<(int Frequency, double Share)>>>();
        foreach (string path in Directory.EnumerateFiles(folder, "step-*.parquet"))
            tables[long.Parse(Path.GetFileNameWithoutExtension(path)["step-".Length..], CultureInfo.InvariantCulture)] = Neurons(ParquetTable.Open(path), power);
        if (tables.Count == 0)
            return null;
        ImmutableArray<int> frequencies = [.. tables.Values.SelectMany(neurons => neurons).SelectMany(neuron => neuron).Select(each => each.Frequency).Distinct().Order()];
        return new(
            [.. tables.Keys],
            frequencies,
            [.. tables.Values.Select(neurons => Mean(neurons, frequencies.Length, (each, _) => frequencies.BinarySearch(each.Frequency)))],
            ranks ? [.. tables.Values.Select(neurons => Mean(neurons, frequencies.Length, (_, rank) => rank))] : null);
    }

    // The shares of each neuron, the largest first; a neuron without power has none.
    private static ImmutableArray<ImmutableArray<(int Frequency, double Share)>> Neurons(ParquetTable table, Func<ParquetTable, double?[]> power)
    {
        double?[] powers = power(table);
        int?[] frequencies = table.Integers("frequency");
        return
        [
            .. table.Integers("neuron").Select((neuron, row) => (neuron, Frequency: frequencies[row]!.Value, Power: powers[row] is { } value && double.IsFinite(value) ? value : 0))
                .GroupBy(each => each.neuron)
                .Select(rows => (Rows: rows, All: rows.Sum(row => row.Power)))
                .Where(neuron => neuron.All > 0)
                .Select(neuron => neuron.Rows.Select(row => (row.Frequency, Share: row.Power / neuron.All)).OrderByDescending(row => row.Share).ToImmutableArray()),
        ];
    }

    private static ImmutableArray<double> Mean(ImmutableArray<ImmutableArray<(int Frequency, double Share)>> neurons, int length, Func<(int Frequency, double Share), int, int> place)
    {
        var sums = new double[length];
        foreach (ImmutableArray<(int Frequency, double Share)> neuron in neurons)
        {
            for (int rank = 0; rank < neuron.Length; rank++)
                sums[place(neuron[rank], rank)] += neuron[rank].Share / neurons.Length;
        }

        return [.. sums];
    }
}
