using System.Collections.Immutable;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>What a column means. Each type has one physical form and, where the format knows one, both a logical and a converted type.</summary>
internal enum ParquetType
{
    /// <summary>BOOLEAN.</summary>
    Boolean,

    /// <summary>INT32.</summary>
    Int32,

    /// <summary>INT64.</summary>
    Int64,

    /// <summary>FLOAT, IEEE 754 binary32.</summary>
    Float,

    /// <summary>DOUBLE, IEEE 754 binary64.</summary>
    Double,

    /// <summary>BYTE_ARRAY holding UTF-8.</summary>
    Text,

    /// <summary>INT64: microseconds since 1970-01-01T00:00:00Z.</summary>
    Timestamp,
}

/// <summary>How the values of a column are laid out before compression.</summary>
internal enum ParquetEncoding
{
    /// <summary>One value after the other.</summary>
    Plain,

    /// <summary>Distinct values once, then indices; falls back to <see cref="Plain"/> where there are too many distinct values.</summary>
    Dictionary,

    /// <summary>Differences in bit-packed blocks; for <see cref="ParquetType.Int32"/> and <see cref="ParquetType.Int64"/> only.</summary>
    Delta,
}

/// <summary>One column: its name, type, whether null is allowed, and its encoding.</summary>
/// <param name="Name">Lower snake_case, so that no query needs quotes.</param>
/// <param name="Type">What the values are.</param>
/// <param name="Optional">Whether a value may be missing. A missing value was not measured; a NaN was measured.</param>
/// <param name="Encoding">The layout asked for.</param>
internal sealed record ParquetColumn(string Name, ParquetType Type, bool Optional, ParquetEncoding Encoding)
{
    /// <summary>A column with the encoding that suits its type: differences for integers, a dictionary for text, plain for the rest.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="type">What the values are.</param>
    /// <param name="optional">Whether a value may be missing.</param>
    /// <returns>The column.</returns>
    public static ParquetColumn Of(string name, ParquetType type, bool optional = false) => new(name, type, optional, type switch
    {
        ParquetType.Int32 or ParquetType.Int64 => ParquetEncoding.Delta,
        ParquetType.Text => ParquetEncoding.Dictionary,
        // Never differences for timestamps: a widespread reader refuses them.
        _ => ParquetEncoding.Plain,
    });
}

/// <summary>The columns of a table, in order, compared by value.</summary>
internal sealed class ParquetSchema : IEquatable<ParquetSchema>
{
    /// <summary>Makes a schema.</summary>
    /// <param name="columns">At least one column; names are distinct.</param>
    /// <param name="sortedBy">The column by which rows ascend, written so that readers can prune; empty for none.</param>
    /// <exception cref="ArgumentException">No column, a name given twice, an unknown sort column, or an encoding that does not suit a type.</exception>
    public ParquetSchema(IEnumerable<ParquetColumn> columns, string sortedBy = "")
    {
        Columns = [.. columns];
        SortedBy = sortedBy;
        if (Columns.IsEmpty)
            throw new ArgumentException("A table needs at least one column.", nameof(columns));
        if (Columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The column '{twice.Key}' is given twice.", nameof(columns));
        if (Columns.FirstOrDefault(c => c.Encoding == ParquetEncoding.Delta && c.Type is not (ParquetType.Int32 or ParquetType.Int64)) is { } delta)
            throw new ArgumentException($"The column '{delta.Name}' is {delta.Type}; differences are for integers only.", nameof(columns));
        // A bit cannot be shortened, and there is a reader that never comes back from a dictionary of truth values.
        if (Columns.FirstOrDefault(c => c.Encoding == ParquetEncoding.Dictionary && c.Type == ParquetType.Boolean) is { } truth)
            throw new ArgumentException($"The column '{truth.Name}' holds truth values, which need no dictionary.", nameof(columns));
        if (sortedBy.Length > 0 && IndexOf(sortedBy) < 0)
            throw new ArgumentException($"The table is said to ascend by '{sortedBy}', which is not a column.", nameof(sortedBy));
    }

    /// <summary>The columns, in file order.</summary>
    public ImmutableArray<ParquetColumn> Columns { get; }

    /// <summary>The column by which rows ascend, or the empty string.</summary>
    public string SortedBy { get; }

    /// <summary>Where a column stands.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its position, or -1 where there is none.</returns>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Columns.Length; i++)
        {
            if (Columns[i].Name == name)
                return i;
        }

        return -1;
    }

    /// <summary>Whether two tables have the same columns of the same types, however these are encoded.</summary>
    /// <param name="other">The other table.</param>
    /// <returns>True if so.</returns>
    public bool HasColumnsOf(ParquetSchema other) =>
        Columns.Select(c => (c.Name, c.Type, c.Optional)).SequenceEqual(other.Columns.Select(c => (c.Name, c.Type, c.Optional)));

    /// <inheritdoc/>
    public bool Equals(ParquetSchema? other) => other is not null && SortedBy == other.SortedBy && Columns.SequenceEqual(other.Columns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParquetSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => Columns.Aggregate(SortedBy.GetHashCode(StringComparison.Ordinal), HashCode.Combine);
}
