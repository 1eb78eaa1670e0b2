using System.Collections.Immutable;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Metrics;

/// <summary>
/// The columns of a run's metrics, fixed before its first row: which run, which step, when, and then one number per measure. A measure that may be
/// absent at some steps is an optional column: null was not measured; NaN was measured, and is NaN.
/// </summary>
internal sealed class MetricsSchema
{
    /// <summary>How many columns stand before the measured ones.</summary>
    internal const int LeadingColumns = 4;

    private readonly ImmutableArray<ParquetColumn> numbers;

    /// <summary>Fixes the columns.</summary>
    /// <param name="measured">The numbers, in order; all are doubles.</param>
    /// <exception cref="ArgumentException">A name is given twice or is not lower snake_case, or a column is no double.</exception>
    public MetricsSchema(IEnumerable<ParquetColumn> measured)
    {
        numbers = [.. measured];
        if (numbers.FirstOrDefault(c => c.Type != ParquetType.Double) is { } other)
            throw new ArgumentException($"The column '{other.Name}' is {other.Type}; metrics are doubles.", nameof(measured));
        if (numbers.FirstOrDefault(c => !c.Name.All(IsPlain)) is { } quoted)
        {
            throw new ArgumentException(
                $"The column '{quoted.Name}' would need quotes in every query; its name may have a-z, 0-9 and _.", nameof(measured));
        }

        Columns = new ParquetSchema(
            [
                ParquetColumn.Of("run_id", ParquetType.Text),
                ParquetColumn.Of("step", ParquetType.Int64),
                ParquetColumn.Of("time", ParquetType.Timestamp),
                ParquetColumn.Of("elapsed_seconds", ParquetType.Double),
                .. numbers,
            ],
            "step");
    }

    /// <summary>The columns of the file.</summary>
    public ParquetSchema Columns { get; }

    /// <summary>The measured columns, in the order of <see cref="MetricsRow.Values"/>.</summary>
    public IReadOnlyList<ParquetColumn> Measured => numbers;

    /// <summary>Checks a row before it is on its way, where the caller can still be told.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="ArgumentException">It has too few or too many numbers, or none where one is needed.</exception>
    public void Check(MetricsRow row)
    {
        if (row.Values.Length != numbers.Length)
            throw new ArgumentException($"The row of step {row.Step} has {row.Values.Length} numbers for {numbers.Length} columns.", nameof(row));
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!numbers[i].Optional && row.Values[i] is null)
                throw new ArgumentException($"The row of step {row.Step} has no '{numbers[i].Name}', which every row must have.", nameof(row));
        }
    }

    /// <summary>Turns rows into columns.</summary>
    /// <param name="run">The run that they belong to.</param>
    /// <param name="rows">The rows, by ascending step.</param>
    /// <returns>One entry per column of <see cref="Columns"/>.</returns>
    public IReadOnlyList<ColumnValues> Transpose(string run, IReadOnlyList<MetricsRow> rows)
    {
        var columns = new List<ColumnValues>(Columns.Columns.Length)
        {
            ColumnValues.Of(Enumerable.Repeat(run, rows.Count).ToArray()),
            ColumnValues.Of(rows.Select(r => r.Step).ToArray()),
            ColumnValues.Of(rows.Select(r => ColumnValues.Microseconds(r.Time)).ToArray()),
            ColumnValues.Of(rows.Select(r => r.ElapsedSeconds).ToArray()),
        };
        for (int i = 0; i < numbers.Length; i++)
        {
            columns.Add(numbers[i].Optional
                ? ColumnValues.OfOptional(rows.Select(r => r.Values[i]).ToArray())
                : ColumnValues.Of(rows.Select(r => r.Values[i]!.Value).ToArray()));
        }

        return columns;
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_';
}

/// <summary>What was measured at one step.</summary>
/// <param name="Step">Updates done so far; 0 is before the first one.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="ElapsedSeconds">Seconds of training up to here, by a clock that only goes forward.</param>
/// <param name="Values">One number per measured column.</param>
internal sealed record MetricsRow(long Step, DateTimeOffset Time, double ElapsedSeconds, ImmutableArray<double?> Values);
