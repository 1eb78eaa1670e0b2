using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Service.Metrics;

/// <summary>The encodings by themselves: known bytes, and every width and length at which something changes.</summary>
public sealed class EncodingTests
{
    private static readonly int[] Widths = [0, 1, 7, 8, 31, 32, 33, 63, 64];
    private static readonly int[] Lengths = [0, 1, 7, 8, 9, 127, 128, 129];

    public static IEnumerable<object[]> WidthsAndLengths => Widths.SelectMany(w => Lengths.Select(l => new object[] { w, l }));

    [Fact]
    public void Thrift_structures_have_the_bytes_that_the_protocol_describes()
    {
        byte[] bytes = Bytes(output =>
        {
            var thrift = new ThriftCompactWriter(output);
            thrift.BeginElement();
            thrift.Field(1, true);
            thrift.Field(2, (sbyte)-1);
            thrift.Field(3, (short)-2);
            thrift.Field(4, 150);
            thrift.Field(20, long.MinValue);
            thrift.Field(21, "é");
            thrift.BeginStructure(22);
            thrift.Field(16, false);
            thrift.End();
            thrift.BeginList(23, ThriftCompactWriter.Element.Int32, 2);
            thrift.Item(-1);
            thrift.Item(64);
            thrift.BeginList(24, ThriftCompactWriter.Element.Structure, 15);
            for (int i = 0; i < 15; i++)
            {
                thrift.BeginElement();
                thrift.End();
            }

            thrift.End();
        });
        Assert.Equal(
            "11" // field 1, true
            + "13FF" // field 2, byte -1, as it is
            + "1403" // field 3, -2 zig-zag
            + "15AC02" // field 4, 150 zig-zag is 300
            + "0628" + "FFFFFFFFFFFFFFFFFF01" // field 20 is 16 further: type, then the number
            + "1802C3A9" // field 21, two bytes of UTF-8
            + "1C" + "0220" + "00" // field 22, a structure in which field 16 is false
            + "1925" + "01" + "8001" // field 23, two integers
            + "19FC0F" + "000000000000000000000000000000" // field 24: 15 elements no longer fit the half byte
            + "00",
            Convert.ToHexString(bytes));
    }

    [Fact]
    public void Thrift_structures_are_read_back()
    {
        byte[] bytes = Bytes(output =>
        {
            var thrift = new ThriftCompactWriter(output);
            thrift.BeginElement();
            thrift.Field(1, false);
            thrift.Field(300, "far");
            thrift.BeginList(301, ThriftCompactWriter.Element.Binary, 20);
            for (int i = 0; i < 20; i++)
                thrift.Item($"{i}");
            thrift.BeginStructure(302);
            thrift.Field(1, -7L);
            thrift.End();
            thrift.End();
        });
        var reader = new ByteReader(bytes);
        ThriftStructure read = ThriftStructure.Read(ref reader);
        Assert.False(read.Boolean(1));
        Assert.Equal("far", read.Text(300));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), read.List<byte[]>(301).Select(Encoding.UTF8.GetString));
        Assert.Equal(-7, read.Structure(302).Integer(1));
        Assert.Equal(0, reader.Left);
    }

    [Fact]
    public void Checksums_have_the_published_value()
    {
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
        Assert.Equal(0u, Crc32.Of([]));
    }

    [Fact]
    public void Bits_are_packed_from_the_lowest_one()
    {
        // The example of the format's documentation: 0 to 7 in three bits.
        byte[] bytes = Bytes(output => BitPacking.Pack([0, 1, 2, 3, 4, 5, 6, 7], 3, output));
        Assert.Equal([0b10001000, 0b11000110, 0b11111010], bytes);
    }

    [Fact]
    public void Differences_have_the_bytes_of_the_format_s_examples()
    {
        // 1, 2, 3, 4, 5: header, smallest difference 1, four widths of 0.
        Assert.Equal("8001" + "04" + "05" + "02" + "02" + "00000000", Convert.ToHexString(Bytes(o => DeltaBinaryPacked.Encode([1L, 2, 3, 4, 5], o))));
        // 7, 5, 3, 1, 2, 3, 4, 5: smallest difference -2, differences above it 0 0 0 3 3 3 3 in two bits.
        Assert.Equal(
            "8001" + "04" + "08" + "0E" + "03" + "02000000" + "C03F" + "000000000000",
            Convert.ToHexString(Bytes(o => DeltaBinaryPacked.Encode([7L, 5, 3, 1, 2, 3, 4, 5], o))));
    }

    [Fact]
    public void Differences_of_32_bits_wrap_at_32_bits()
    {
        // From the largest to the smallest integer it is one step up, not 2^32 - 1 steps down.
        Assert.Equal("8001" + "04" + "02" + "FEFFFFFF0F" + "02" + "00000000", Convert.ToHexString(Bytes(o => DeltaBinaryPacked.Encode([int.MaxValue, int.MinValue], o))));
    }

    [Theory]
    [MemberData(nameof(WidthsAndLengths))]
    public void Packed_values_come_back(int width, int length)
    {
        ulong[] values = Values(width, length);
        byte[] bytes = Bytes(output => BitPacking.Pack(values, width, output));
        Assert.Equal(BitPacking.BytesFor(length, width), bytes.Length);
        var back = new ulong[length];
        BitPacking.Unpack(bytes, width, back);
        Assert.Equal(values, back);
    }

    [Theory]
    [MemberData(nameof(WidthsAndLengths))]
    public void Runs_and_groups_come_back(int width, int length)
    {
        int narrow = Math.Min(width, 32);
        uint[] values = [.. Values(narrow, length).Select(v => (uint)v)];
        Assert.Equal(values, RunLengthHybrid.Decode(Bytes(o => RunLengthHybrid.Encode(values, narrow, o)), narrow, length));
    }

    [Fact]
    public void Any_mixture_of_runs_comes_back()
    {
        Gen<uint[]> runs = from pieces in Gen.ListOf(Gen.Zip(Gen.Choose(0, 7), Gen.Choose(1, 20)))
                           select pieces.SelectMany(p => Enumerable.Repeat((uint)p.Item1, p.Item2)).ToArray();
        Prop.ForAll(runs.ToArbitrary(), values => values.SequenceEqual(
            RunLengthHybrid.Decode(Bytes(o => RunLengthHybrid.Encode(values, 3, o)), 3, values.Length))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Eight_equal_values_are_one_run()
    {
        // 8 values of 1, then 8 different ones: a run of two bytes, a group of one header byte and three bytes.
        Assert.Equal("1001" + "03" + "88C6FA", Convert.ToHexString(Bytes(o => RunLengthHybrid.Encode([1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2, 3, 4, 5, 6, 7], 3, o))));
    }

    [Theory]
    [MemberData(nameof(WidthsAndLengths))]
    public void Differences_come_back(int width, int length)
    {
        long[] wide = [.. Values(width, length).Select(v => unchecked((long)v))];
        Assert.Equal(wide, DeltaBinaryPacked.Decode(Bytes(o => DeltaBinaryPacked.Encode(wide, o))));
        int[] narrow = Array.ConvertAll(wide, v => unchecked((int)v));
        Assert.Equal(narrow, DeltaBinaryPacked.Decode(Bytes(o => DeltaBinaryPacked.Encode(narrow, o))).Select(v => unchecked((int)v)));
    }

    [Fact]
    public void Differences_of_any_integers_come_back()
    {
        Prop.ForAll<long[]>(values => values.SequenceEqual(DeltaBinaryPacked.Decode(Bytes(o => DeltaBinaryPacked.Encode(values, o)))))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Both_zeros_and_every_nan_keep_their_own_entry()
    {
        double otherNan = BitConverter.Int64BitsToDouble(0x7FF8000000000001);
        DictionaryEncoding encoded = DictionaryEncoding.Of<double>([0.0, -0.0, double.NaN, otherNan, 0.0])!;
        Assert.Equal(4, encoded.EntryCount);
        Assert.Equal([0u, 1, 2, 3, 0], encoded.Indices.ToArray());
    }

    [Fact]
    public void Bounds_beside_a_nan_are_left_out()
    {
        ColumnStatistics statistics = ColumnStatistics.Of(ColumnValues.OfOptional<double>(1, double.NaN, null, 3));
        Assert.Equal((1, 1, null, null), (statistics.NullCount, statistics.NanCount, statistics.Smallest, statistics.Largest));
    }

    [Fact]
    public void Bounds_of_zero_admit_both_zeros()
    {
        ColumnStatistics zeros = ColumnStatistics.Of(ColumnValues.Of(0.0, 0.0));
        Assert.Equal("0000000000000080", Convert.ToHexString(zeros.Smallest!.Value.Span));
        ColumnStatistics negative = ColumnStatistics.Of(ColumnValues.Of(-0.0f, -1));
        Assert.Equal("00000000", Convert.ToHexString(negative.Largest!.Value.Span));
    }

    [Fact]
    public void Texts_are_ordered_by_their_unsigned_bytes_and_long_ones_have_no_bounds()
    {
        // U+FFFD has larger UTF-16 units than U+1F642 but smaller bytes.
        ColumnStatistics statistics = ColumnStatistics.Of(ColumnValues.Of("\uFFFD", "🙂", "z"));
        Assert.Equal("z", Encoding.UTF8.GetString(statistics.Smallest!.Value.Span));
        Assert.Equal("🙂", Encoding.UTF8.GetString(statistics.Largest!.Value.Span));
        Assert.Null(ColumnStatistics.Of(ColumnValues.Of("a", new string('b', ColumnStatistics.LongestText + 1))).Largest);
        Assert.NotNull(ColumnStatistics.Of(ColumnValues.Of("a", new string('b', ColumnStatistics.LongestText))).Largest);
    }

    // Half of them the largest value of the width, so that every bit is used.
    private static ulong[] Values(int width, int length)
    {
        var random = new Random((width * 1000) + length);
        ulong mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        return [.. Enumerable.Range(0, length).Select(i => (i % 2 == 0 ? ulong.MaxValue : (ulong)random.NextInt64(long.MinValue, long.MaxValue)) & mask)];
    }

    private static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
