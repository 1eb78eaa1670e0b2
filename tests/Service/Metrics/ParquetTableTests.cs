using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Service.Metrics;

/// <summary>What we wrote, read by ourselves: values, damage, joining.</summary>
public sealed class ParquetTableTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Our_own_reader_reads_what_we_wrote()
    {
        foreach ((int rows, ParquetCodec codec) in from r in (int[])[0, 1, 9, 500] from c in Enum.GetValues<ParquetCodec>() select (r, c))
        {
            IReadOnlyList<TableColumn> columns = RandomTable.Draw(rows, rows);
            string path = Write(columns, codec);
            ParquetTable table = ParquetTable.Open(path);
            Assert.Equal(rows, table.RowCount);
            Assert.True(table.Schema.HasColumnsOf(new ParquetSchema(columns.Select(c => c.Column))));
            foreach (TableColumn column in columns)
                Assert.Equal(RandomTable.Expected(column.Cells), Read(table, column.Column));
        }
    }

    [Fact]
    public void Instants_keep_their_microseconds()
    {
        DateTimeOffset[] times = [DateTimeOffset.UnixEpoch.AddMicroseconds(-1), new(2026, 2, 3, 4, 5, 6, 789, 123, TimeSpan.FromHours(2)), DateTimeOffset.MaxValue];
        TableFile.Write(Disk.Real, folder.File("t.parquet"), [TableColumn.Timestamp("time", times)], []);
        DateTimeOffset?[] read = ParquetTable.Open(folder.File("t.parquet")).Instants("time");
        Assert.Equal(times.Select(t => t.UtcTicks / 10), read.Select(t => t!.Value.UtcTicks / 10));
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_damaged()
    {
        byte[] whole = File.ReadAllBytes(Write(RandomTable.Draw(3, 40), ParquetCodec.Gzip));
        string path = folder.File("cut.parquet");
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            DamagedFileException fault = Assert.Throws<DamagedFileException>(() => ParquetTable.Open(path));
            Assert.StartsWith($"The file {path} is damaged: ", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_in_a_page_is_noticed_and_one_anywhere_never_crashes()
    {
        IReadOnlyList<TableColumn> columns = RandomTable.Draw(4, 60);
        byte[] whole = File.ReadAllBytes(Write(columns, ParquetCodec.Gzip));
        string path = folder.File("flipped.parquet");
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. whole];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bytes);
            ReadAllOrDamaged(path);
        }

        ColumnChunkFooter chunk = ParquetTable.Open(Write(columns, ParquetCodec.Gzip)).Footer.RowGroups[0].Columns[4];
        byte[] broken = [.. whole];
        broken[chunk.Offset + chunk.CompressedSize - 3] ^= 4;
        File.WriteAllBytes(path, broken);
        Assert.Contains("checksum", Assert.Throws<DamagedFileException>(() => Read(ParquetTable.Open(path), columns[4].Column)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Joined_parts_hold_the_rows_of_all_of_them_in_order()
    {
        ParquetSchema schema = new([ParquetColumn.Of("step", ParquetType.Int64), ParquetColumn.Of("name", ParquetType.Text)], "step");
        string[] parts = [.. Enumerable.Range(0, 5).Select(p =>
        {
            string part = folder.File($"part-{p}.parquet");
            TableFile.Write(Disk.Real, part, [TableColumn.Int64("step", [.. Enumerable.Range(p * 10, 10).Select(s => (long)s)]), TableColumn.Text("name", [.. Enumerable.Repeat($"p{p}", 10)])], [], "step");
            return part;
        })];
        string joined = folder.File("joined.parquet");
        ParquetJoiner.Join(Disk.Real, parts, joined, schema, [new("grokking.run", "r")]);
        ParquetTable table = ParquetTable.Open(joined);
        Assert.Equal(Enumerable.Range(0, 50).Select(s => (long?)s), table.Longs("step"));
        Assert.Equal("p4", table.Texts("name")[^1]);
        Assert.Equal(schema, new ParquetSchema(table.Schema.Columns, table.Schema.SortedBy));
        Assert.Equal("r", table.Metadata.Single().Value);

        // Joining what is joined changes nothing but the file's place.
        ParquetJoiner.Join(Disk.Real, [joined], folder.File("again.parquet"), schema, table.Metadata);
        Assert.Equal(File.ReadAllBytes(joined), File.ReadAllBytes(folder.File("again.parquet")));
    }

    [Fact]
    public void Parts_with_other_columns_are_refused_and_nothing_is_written()
    {
        TableFile.Write(Disk.Real, folder.File("a.parquet"), [TableColumn.Int64("step", 1)], []);
        ParquetSchema other = new([ParquetColumn.Of("step", ParquetType.Int32)]);
        Assert.Throws<DamagedFileException>(() => ParquetJoiner.Join(Disk.Real, [folder.File("a.parquet")], folder.File("j.parquet"), other, []));
        Assert.Equal(["a.parquet"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Tables_that_cannot_be_are_refused_with_the_column_s_name()
    {
        string path = folder.File("x.parquet");
        Refused("'a' is given twice", [TableColumn.Int32("a", 1), TableColumn.Int64("a", 1)]);
        Refused("3 were asked for, but the column has 2", [TableColumn.Int32("a", 1, 2, 3), TableColumn.Int64("b", 1, 2)]);
        Refused("'b' needs a value in every row, but 1 have none", [new TableColumn(ParquetColumn.Of("b", ParquetType.Double), ColumnValues.OfOptional<double>(null, 2))]);
        Refused("'c' is Int32, but was given", [new TableColumn(ParquetColumn.Of("c", ParquetType.Int32), ColumnValues.Of(2.0))]);
        Refused("differences are for integers", [TableColumn.Double("d", 1).As(ParquetEncoding.Delta)]);
        Refused("need no dictionary", [TableColumn.Truth("e", true).As(ParquetEncoding.Dictionary)]);

        void Refused(string complaint, IReadOnlyList<TableColumn> columns)
        {
            Assert.Contains(complaint, Assert.Throws<ArgumentException>(() => TableFile.Write(Disk.Real, path, columns, [])).Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }
    }

    private static void ReadAllOrDamaged(string path)
    {
        try
        {
            ParquetTable table = ParquetTable.Open(path);
            foreach (ParquetColumn column in table.Schema.Columns)
                Read(table, column);
        }
        catch (DamagedFileException)
        {
            // As it should be. A flip in the footer's texts or counts may go unnoticed: the format has no checksum there.
        }
    }

    private static string?[] Read(ParquetTable table, ParquetColumn column) => RandomTable.Expected(column.Type switch
    {
        ParquetType.Boolean => table.Column<bool>(column.Name),
        ParquetType.Int32 => table.Column<int>(column.Name),
        ParquetType.Int64 or ParquetType.Timestamp => table.Column<long>(column.Name),
        ParquetType.Float => table.Column<float>(column.Name),
        ParquetType.Double => table.Column<double>(column.Name),
        _ => table.Column<string>(column.Name),
    });

    private string Write(IReadOnlyList<TableColumn> columns, ParquetCodec codec)
    {
        string path = folder.File("table.parquet");
        using FileStream file = File.Create(path);
        ParquetWriter writer = ParquetWriter.Begin(file, new ParquetSchema(columns.Select(c => c.Column)), [], codec);
        writer.WriteRowGroup([.. columns.Select(c => c.Cells)]);
        writer.Finish();
        return path;
    }
}
