using System.Collections.Immutable;

namespace Grokking.Host.Metrics;

/// <summary>One column of a <see cref="MetricsView"/>. null is what was not measured; not-a-number was measured and was not a number.</summary>
/// <param name="Values">The value at each shown step.</param>
/// <param name="Min">The least finite value of the rows that each step stands for; null where every row is shown.</param>
/// <param name="Max">The largest.</param>
internal sealed record MetricsSeries(ImmutableArray<double?> Values, ImmutableArray<double?>? Min, ImmutableArray<double?>? Max);

/// <summary>Which metrics somebody wants to see.</summary>
/// <param name="Columns">Names, separated by commas; those that a run does not have are left out.</param>
/// <param name="From">The first step.</param>
/// <param name="To">The last step.</param>
/// <param name="Points">How many steps may be shown.</param>
/// <param name="Scale">How they are spread.</param>
internal sealed record MetricsRequest(string Columns, long From, long To, int Points, StepScale Scale)
{
    /// <summary>The names.</summary>
    public IEnumerable<string> Names => Columns.Split(',');
}

/// <summary>Metrics of a run, as many as were asked for.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Rows">Rows in the range that was asked for.</param>
/// <param name="Decimated">Whether there are more rows than are shown; then each shown step is the last of its bucket.</param>
/// <param name="Columns">All columns that the run has.</param>
/// <param name="Steps">The shown steps, ascending.</param>
/// <param name="Series">The columns that were asked for.</param>
internal sealed record MetricsView(
    string Run, int Rows, bool Decimated, ImmutableArray<string> Columns, ImmutableArray<long> Steps, ImmutableSortedDictionary<string, MetricsSeries> Series)
{
    /// <summary>Looks at metrics.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="history">Its metrics.</param>
    /// <param name="request">What is asked for.</param>
    public static MetricsView Of(string run, MetricsHistory history, MetricsRequest request)
    {
        ImmutableArray<string> all = [.. history.Columns];
        ImmutableArray<Range> buckets = Decimation.Buckets(history.Steps.AsSpan(), request.From, request.To, request.Points, request.Scale);
        bool decimated = buckets.Any(bucket => bucket.End.Value - bucket.Start.Value > 1);
        return new(
            run,
            buckets.Sum(bucket => bucket.End.Value - bucket.Start.Value),
            decimated,
            all,
            [.. buckets.Select(bucket => history.Steps[bucket.End.Value - 1])],
            request.Names.Where(all.Contains).Distinct().ToImmutableSortedDictionary(name => name, name => SeriesOf(history.Numbers(name).AsSpan(), buckets, decimated), StringComparer.Ordinal));
    }

    private static MetricsSeries SeriesOf(ReadOnlySpan<double?> numbers, ImmutableArray<Range> buckets, bool decimated)
    {
        var values = new double?[buckets.Length];
        double?[] least = decimated ? new double?[buckets.Length] : [], largest = decimated ? new double?[buckets.Length] : [];
        for (int b = 0; b < buckets.Length; b++)
        {
            values[b] = numbers[buckets[b].End.Value - 1];
            if (!decimated)
                continue;
            foreach (double? number in numbers[buckets[b]])
            {
                if (number is not { } value || !double.IsFinite(value))
                    continue;
                least[b] = Math.Min(least[b] ?? value, value);
                largest[b] = Math.Max(largest[b] ?? value, value);
            }
        }

        return decimated ? new([.. values], [.. least], [.. largest]) : new([.. values], null, null);
    }
}
