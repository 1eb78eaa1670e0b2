using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Grokking.Host.Figures.Plots;

/// <summary>
/// A small picture of palette colours as a PNG file. It is stored without compression, so that the same picture is the same bytes whatever
/// library compresses: for tables of ten thousand cells still a tenth of what their outlines would take.
/// </summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Palette">At most 256 colours, as #rrggbb.</param>
/// <param name="Pixels">A place in the palette for each pixel, row by row from the top.</param>
internal sealed record Bitmap(int Width, int Height, ImmutableArray<string> Palette, ImmutableArray<byte> Pixels)
{
    private const int LargestBlock = ushort.MaxValue;
    private static readonly ImmutableArray<byte> Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The file as a data URI.</summary>
    public string DataUri => $"data:image/png;base64,{Convert.ToBase64String(File())}";

    /// <summary>The file.</summary>
    public byte[] File()
    {
        var file = new List<byte>(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        // 8 bits each, palette colours; the only compression and filter there are; not interlaced.
        (header[8], header[9]) = (8, 3);
        Chunk(file, "IHDR", header);
        Chunk(file, "PLTE", [.. Palette.SelectMany(colour => Convert.FromHexString(colour.AsSpan(1)))]);
        Chunk(file, "IDAT", Stored(Scanlines()));
        Chunk(file, "IEND", []);
        return [.. file];
    }

    // Each line begins with its filter: none.
    private byte[] Scanlines() => [.. Enumerable.Range(0, Height).SelectMany(row => Pixels.Slice(row * Width, Width).Prepend((byte)0))];

    // RFC 1950 and 1951: a zlib stream of stored blocks.
    private static byte[] Stored(byte[] data)
    {
        var stream = new List<byte> { 0x78, 0x01 };
        var length = new byte[4];
        for (int start = 0; start < data.Length; start += LargestBlock)
        {
            int size = Math.Min(LargestBlock, data.Length - start);
            stream.Add(start + size == data.Length ? (byte)1 : (byte)0);
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)size);
            BinaryPrimitives.WriteUInt16LittleEndian(length.AsSpan(2), (ushort)~size);
            stream.AddRange(length);
            stream.AddRange(data.AsSpan(start, size));
        }

        BinaryPrimitives.WriteUInt32BigEndian(length, Adler32(data));
        stream.AddRange(length);
        return [.. stream];
    }

    private static void Chunk(List<byte> file, string type, byte[] data)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.AddRange(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.AddRange(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        file.AddRange(number);
    }

    private static uint Adler32(byte[] data)
    {
        const uint Modulus = 65521;
        (uint low, uint high) = (1, 0);
        foreach (byte value in data)
        {
            low = (low + value) % Modulus;
            high = (high + low) % Modulus;
        }

        return (high << 16) | low;
    }

    private static uint Crc32(byte[] data)
    {
        const uint Polynomial = 0xEDB88320;
        uint remainder = uint.MaxValue;
        foreach (byte value in data)
        {
            remainder ^= value;
            for (int bit = 0; bit < 8; bit++)
                remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ Polynomial;
        }

        return ~remainder;
    }
}
