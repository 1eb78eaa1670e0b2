using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Grokking.Host.Figures.Plots;

namespace Grokking.Service.Figures;

/// <summary>Bitmaps in figures, read back by the base library's own decompression.</summary>
public class BitmapTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(300, 300)]
    public void A_bitmap_is_a_png_file_of_its_pixels(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(i => (byte)(i % 2))];
        byte[] file = new Bitmap(width, height, ["#ffffff", "#102030"], [.. pixels]).File();

        Dictionary<string, byte[]> chunks = Chunks(file);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]), BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"].AsSpan(4))));
        Assert.Equal([8, 3, 0, 0, 0], chunks["IHDR"][8..]);
        Assert.Equal([255, 255, 255, 0x10, 0x20, 0x30], chunks["PLTE"]);
        using var plain = new MemoryStream();
        using (var stream = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress))
            stream.CopyTo(plain);
        Assert.Equal(pixels.Chunk(width).SelectMany(row => row.Prepend((byte)0)), plain.ToArray());
    }

    [Fact]
    public void A_file_ends_as_all_png_files_end()
    {
        // The checksum of the empty last chunk is in every PNG file.
        byte[] file = new Bitmap(1, 1, ["#000000"], [0]).File();
        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], file[^12..]);
    }

    [Fact]
    public void A_large_table_is_a_bitmap_whose_first_row_is_lowest()
    {
        var map = new HeatMap([.. Enumerable.Range(0, 80).Select(row => Enumerable.Repeat((double)row, 80).ToArray()).Select(row => System.Collections.Immutable.ImmutableArray.Create(row))], new("", 0, 79, false)) { Lettered = false };
        var svg = new Svg();
        map.Draw(svg, new Frame(0, 0, 100, 100, new("", -0.5, 79.5, false), new("", -0.5, 79.5, false)));

        string uri = svg.ToString().Split("base64,")[1].Split('"')[0];
        byte[] data = Chunks(Convert.FromBase64String(uri))["IDAT"];
        using var stream = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        var firstRow = new byte[81];
        stream.ReadExactly(firstRow);
        Assert.Equal(Enumerable.Repeat((byte)128, 80).Prepend((byte)0), firstRow);
    }

    private static Dictionary<string, byte[]> Chunks(byte[] file)
    {
        var chunks = new Dictionary<string, byte[]>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add(Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }

        return chunks;
    }
}
