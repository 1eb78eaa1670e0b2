using System.IO.Compression;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Compression of pages, with the numbers of the format.
/// Source: apache/parquet-format, Compression.md.
/// </summary>
internal enum ParquetCodec
{
    /// <summary>None.</summary>
    Uncompressed = 0,

    /// <summary>GZIP (RFC 1952), which every reader has and which needs no native code of ours: the default.</summary>
    Gzip = 2,

    /// <summary>Brotli (RFC 7932): about 15 % smaller, less common.</summary>
    Brotli = 4,
}

/// <summary>What each codec does.</summary>
internal static class ParquetCodecs
{
    /// <summary>Compresses a page.</summary>
    /// <param name="codec">How.</param>
    /// <param name="page">The page.</param>
    /// <returns>The compressed page.</returns>
    public static ReadOnlyMemory<byte> Compress(this ParquetCodec codec, ReadOnlyMemory<byte> page)
    {
        if (codec == ParquetCodec.Uncompressed)
            return page;
        using var compressed = new MemoryStream((page.Length / 2) + 64);
        using (Stream stream = codec == ParquetCodec.Gzip
            ? new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(page.Span);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>Undoes <see cref="Compress"/>.</summary>
    /// <param name="codec">How it was compressed.</param>
    /// <param name="compressed">The compressed page.</param>
    /// <param name="length">The length of the page.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InvalidDataException">It is no such page.</exception>
    public static byte[] Decompress(this ParquetCodec codec, ReadOnlySpan<byte> compressed, int length)
    {
        if (codec == ParquetCodec.Uncompressed)
            return compressed.Length == length ? compressed.ToArray() : throw new InvalidDataException("an uncompressed page has two lengths");
        using var source = new MemoryStream(compressed.ToArray());
        using Stream stream = codec switch
        {
            ParquetCodec.Gzip => new GZipStream(source, CompressionMode.Decompress),
            ParquetCodec.Brotli => new BrotliStream(source, CompressionMode.Decompress),
            _ => throw new InvalidDataException($"codec {(int)codec} is not one of ours"),
        };
        var page = new byte[length];
        try
        {
            return stream.ReadAtLeast(page, length, throwOnEndOfStream: false) == length && stream.ReadByte() < 0
                ? page
                : throw new InvalidDataException($"a page does not have the {length} bytes that its header says");
        }
        catch (InvalidOperationException notBrotli)
        {
            throw new InvalidDataException("a page cannot be decompressed", notBrotli);
        }
    }
}
