namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// The numbers that stand for our types and encodings in the file.
/// Source: apache/parquet-format, src/main/thrift/parquet.thrift, enumerations Type, ConvertedType and Encoding.
/// </summary>
internal static class ParquetNumbers
{
    /// <summary>Encoding.RLE, that of definition levels.</summary>
    internal const int RunLengthEncoding = 3;

    /// <summary>Encoding.PLAIN, that of dictionaries.</summary>
    internal const int PlainEncoding = 0;

    /// <summary>ConvertedType.UTF8.</summary>
    internal const int ConvertedText = 0;

    /// <summary>ConvertedType.TIMESTAMP_MICROS.</summary>
    internal const int ConvertedTimestamp = 10;

    /// <summary>The physical type, enumeration Type.</summary>
    /// <param name="type">Our type.</param>
    /// <returns>Its number.</returns>
    public static int Physical(this ParquetType type) => type switch
    {
        ParquetType.Boolean => 0,
        ParquetType.Int32 => 1,
        ParquetType.Int64 or ParquetType.Timestamp => 2,
        ParquetType.Float => 4,
        ParquetType.Double => 5,
        _ => 6,
    };

    /// <summary>The type of a physical type and, where there is one, a converted type.</summary>
    /// <param name="physical">Number of the physical type.</param>
    /// <param name="converted">Number of the converted type.</param>
    /// <returns>Our type.</returns>
    /// <exception cref="InvalidDataException">No column of ours has such a type.</exception>
    public static ParquetType TypeOf(int physical, int? converted) => (physical, converted) switch
    {
        (0, null) => ParquetType.Boolean,
        (1, null) => ParquetType.Int32,
        (2, null) => ParquetType.Int64,
        (2, ConvertedTimestamp) => ParquetType.Timestamp,
        (4, null) => ParquetType.Float,
        (5, null) => ParquetType.Double,
        (6, ConvertedText) => ParquetType.Text,
        _ => throw new InvalidDataException($"a column has type {physical} with meaning {converted}, which this program does not write"),
    };

    /// <summary>Enumeration Encoding.</summary>
    /// <param name="encoding">Our encoding.</param>
    /// <returns>Its number.</returns>
    public static int Number(this ParquetEncoding encoding) => encoding switch
    {
        ParquetEncoding.Delta => 5,
        ParquetEncoding.Dictionary => 8,
        _ => PlainEncoding,
    };

    /// <summary>The encoding with a number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>Our encoding.</returns>
    /// <exception cref="InvalidDataException">It is not one of ours.</exception>
    public static ParquetEncoding EncodingOf(long number) => number switch
    {
        0 => ParquetEncoding.Plain,
        5 => ParquetEncoding.Delta,
        8 => ParquetEncoding.Dictionary,
        _ => throw new InvalidDataException($"encoding {number} is not one that this program writes"),
    };
}
