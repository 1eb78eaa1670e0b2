using System.Buffers;
using System.Text;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// What readers prune by: the smallest and largest value of a column chunk, and how many cells have none.
/// Source: apache/parquet-format, src/main/thrift/parquet.thrift, "Statistics" and "ColumnOrder".
/// </summary>
/// <remarks>
/// Deviation: the format asks for bounds over the values that are not NaN. There are readers that order NaN above every number and prune by the
/// maximum; they would lose rows. So a chunk with a NaN has no bounds, only its counts.
/// </remarks>
/// <param name="NullCount">Cells without a value.</param>
/// <param name="NanCount">Values that are not a number; floating-point columns only.</param>
/// <param name="Smallest">The smallest value, PLAIN, without a text's length; nothing where no bounds are known.</param>
/// <param name="Largest">The largest value, likewise.</param>
internal sealed record ColumnStatistics(long NullCount, long? NanCount, ReadOnlyMemory<byte>? Smallest, ReadOnlyMemory<byte>? Largest)
{
    /// <summary>Longer texts are left out of the footer; cutting one off would need a bound that is no value.</summary>
    internal const int LongestText = 64;

    /// <summary>Computes the statistics of a column chunk.</summary>
    /// <param name="column">Its cells.</param>
    /// <returns>The statistics.</returns>
    public static ColumnStatistics Of(ColumnValues column) => column switch
    {
        ColumnValues<bool> c => Ordered(c, Comparer<bool>.Default),
        ColumnValues<int> c => Ordered(c, Comparer<int>.Default),
        ColumnValues<long> c => Ordered(c, Comparer<long>.Default),
        ColumnValues<float> c => Floating(c, float.IsNaN, v => v == 0 ? -0.0f : v, v => v == 0 ? 0.0f : v),
        ColumnValues<double> c => Floating(c, double.IsNaN, v => v == 0 ? -0.0 : v, v => v == 0 ? 0.0 : v),
        ColumnValues<string> c => Texts(c),
        _ => throw new NotSupportedException($"{column.GetType().Name} is not a type of our columns."),
    };

    private static ColumnStatistics Ordered<T>(ColumnValues<T> column, IComparer<T> order)
        where T : notnull
    {
        if (column.ValueCount == 0)
            return new ColumnStatistics(column.NullCount, null, null, null);
        (T smallest, T largest) = Bounds(column.Values, order);
        return new ColumnStatistics(column.NullCount, null, Plain(smallest), Plain(largest));
    }

    // A zero bound must admit both zeros, which some readers order: the lower one is -0.0, the upper one +0.0.
    private static ColumnStatistics Floating<T>(ColumnValues<T> column, Func<T, bool> isNan, Func<T, T> lowerBound, Func<T, T> upperBound)
        where T : notnull
    {
        long nans = 0;
        foreach (T value in column.Values)
            nans += isNan(value) ? 1 : 0;
        if (nans > 0 || column.ValueCount == 0)
            return new ColumnStatistics(column.NullCount, nans, null, null);
        (T smallest, T largest) = Bounds(column.Values, Comparer<T>.Default);
        return new ColumnStatistics(column.NullCount, nans, Plain(lowerBound(smallest)), Plain(upperBound(largest)));
    }

    private static ColumnStatistics Texts(ColumnValues<string> column)
    {
        if (column.ValueCount == 0)
            return new ColumnStatistics(column.NullCount, null, null, null);
        byte[]? smallest = null, largest = null;
        string? last = null;
        foreach (string value in column.Values)
        {
            // Most text columns repeat themselves; the same object needs no second look.
            if (ReferenceEquals(value, last))
                continue;
            last = value;
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            if (smallest is null || bytes.AsSpan().SequenceCompareTo(smallest) < 0)
                smallest = bytes;
            if (largest is null || bytes.AsSpan().SequenceCompareTo(largest) > 0)
                largest = bytes;
        }

        return Math.Max(smallest!.Length, largest!.Length) > LongestText
            ? new ColumnStatistics(column.NullCount, null, null, null)
            : new ColumnStatistics(column.NullCount, null, smallest, largest);
    }

    private static (T Smallest, T Largest) Bounds<T>(ReadOnlySpan<T> values, IComparer<T> order)
    {
        (T smallest, T largest) = (values[0], values[0]);
        foreach (T value in values)
        {
            if (order.Compare(value, smallest) < 0)
                smallest = value;
            if (order.Compare(value, largest) > 0)
                largest = value;
        }

        return (smallest, largest);
    }

    private static ReadOnlyMemory<byte> Plain<T>(T value)
    {
        var plain = new ArrayBufferWriter<byte>();
        PlainEncoding.Encode<T>([value], plain);
        return plain.WrittenMemory;
    }
}
