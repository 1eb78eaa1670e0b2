namespace Grokking.Host.Metrics.Parquet;

/// <summary>The cells of one column: the values that are there, and which rows have one.</summary>
internal abstract class ColumnValues
{
    private readonly bool[]? present;

    private protected ColumnValues(int valueCount, bool[]? present)
    {
        this.present = present;
        RowCount = present?.Length ?? valueCount;
        ValueCount = valueCount;
        if (present is not null && present.Count(p => p) != valueCount)
            throw new ArgumentException($"{present.Count(p => p)} rows are marked as present, but there are {valueCount} values.", nameof(present));
    }

    /// <summary>Rows, with and without a value.</summary>
    public int RowCount { get; }

    /// <summary>Rows with a value.</summary>
    public int ValueCount { get; }

    /// <summary>Rows without one.</summary>
    public int NullCount => RowCount - ValueCount;

    /// <summary>Which rows have a value; empty when all have one.</summary>
    public ReadOnlySpan<bool> Present => present;

    /// <summary>How many rows of a range have a value.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>Number of values.</returns>
    public int ValuesIn(int start, int count) => present is null ? count : present.AsSpan(start, count).Count(true);

    /// <summary>Some rows of this column.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">There are not as many.</exception>
    public ColumnValues Slice(int start, int count)
    {
        if (start + count > RowCount)
            throw new ArgumentException($"Rows up to {start + count} were asked for, but the column has {RowCount}.", nameof(count));
        return Slice(ValuesIn(0, start), ValuesIn(start, count), present?[start..(start + count)]);
    }

    /// <summary>A column in which every row has a value.</summary>
    /// <typeparam name="T">bool, int, long, float, double or string; a timestamp is a long.</typeparam>
    /// <param name="values">One per row.</param>
    /// <returns>The column.</returns>
    public static ColumnValues<T> Of<T>(params T[] values)
        where T : notnull => new(values, null);

    /// <summary>A column of numbers or truth values, some of which may be missing.</summary>
    /// <typeparam name="T">bool, int, long, float or double.</typeparam>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static ColumnValues<T> OfOptional<T>(params T?[] cells)
        where T : struct =>
        new([.. cells.Where(c => c.HasValue).Select(c => c!.Value)], [.. cells.Select(c => c.HasValue)]);

    /// <summary>A column of texts, some of which may be missing.</summary>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static ColumnValues<string> OfOptional(params string?[] cells) =>
        new([.. cells.OfType<string>()], [.. cells.Select(c => c is not null)]);

    /// <summary>Columns of one type as one, below each other.</summary>
    /// <param name="pieces">At least one.</param>
    /// <returns>The column.</returns>
    public static ColumnValues Concatenate(IReadOnlyList<ColumnValues> pieces) => pieces[0].Joined(pieces);

    private protected abstract ColumnValues Joined(IReadOnlyList<ColumnValues> pieces);

    private protected static bool[]? PresentIn(IReadOnlyList<ColumnValues> pieces) => pieces.All(piece => piece.present is null)
        ? null
        : [.. pieces.SelectMany(piece => piece.present ?? [.. Enumerable.Repeat(true, piece.RowCount)])];

    private protected abstract ColumnValues Slice(int firstValue, int valueCount, bool[]? slicedPresent);

    /// <summary>Microseconds since 1970, the form in which timestamps are stored.</summary>
    /// <param name="time">An instant; what is below a microsecond is cut off.</param>
    /// <returns>Microseconds; negative before 1970.</returns>
    public static long Microseconds(DateTimeOffset time) =>
        (long)Math.Floor((time.UtcTicks - DateTime.UnixEpoch.Ticks) / (decimal)TimeSpan.TicksPerMicrosecond);

    /// <summary>The instant that a stored timestamp means.</summary>
    /// <param name="microseconds">Microseconds since 1970.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset Instant(long microseconds) =>
        new(DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

/// <summary>The cells of one column, typed.</summary>
/// <typeparam name="T">bool, int, long, float, double or string; a timestamp is a long.</typeparam>
internal sealed class ColumnValues<T> : ColumnValues
    where T : notnull
{
    private readonly T[] values;

    /// <summary>Takes the arrays over; nobody may change them afterwards.</summary>
    /// <param name="values">The values that are there, in row order.</param>
    /// <param name="present">Which rows have one; null when all have one.</param>
    /// <exception cref="ArgumentException">The two disagree about the number of values.</exception>
    public ColumnValues(T[] values, bool[]? present)
        : base(values.Length, present) => this.values = values;

    /// <summary>The values that are there, in row order.</summary>
    public ReadOnlySpan<T> Values => values;

    /// <summary>Every row in order, as a pair of "is there" and the value.</summary>
    /// <typeparam name="TCell">What a cell becomes.</typeparam>
    /// <param name="cell">What a value becomes.</param>
    /// <param name="missing">What a missing value becomes.</param>
    /// <returns>One cell per row.</returns>
    public TCell[] Cells<TCell>(Func<T, TCell> cell, TCell missing)
    {
        if (Present.IsEmpty)
            return Array.ConvertAll(values, value => cell(value));
        var cells = new TCell[RowCount];
        int next = 0;
        for (int row = 0; row < cells.Length; row++)
            cells[row] = Present[row] ? cell(values[next++]) : missing;
        return cells;
    }

    private protected override ColumnValues Joined(IReadOnlyList<ColumnValues> pieces) =>
        new ColumnValues<T>([.. pieces.SelectMany(piece => ((ColumnValues<T>)piece).values)], PresentIn(pieces));

    private protected override ColumnValues Slice(int firstValue, int valueCount, bool[]? slicedPresent) =>
        new ColumnValues<T>(values[firstValue..(firstValue + valueCount)], slicedPresent);
}
