using System.Text.Json.Nodes;
using Grokking.Host.Metrics.Parquet;
using Grokking.Service.Foreign;

namespace Grokking.Service.Metrics;

/// <summary>Files are judged by readers that we did not write: hyparquet (JavaScript) and DuckDB (C++).</summary>
public sealed class ForeignReaderTests : IDisposable
{
    // Around the sizes at which something changes: a bit-packed group, a miniblock, a block, a page, a row group.
    private static readonly int[] Sizes = [0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 130, 257, 1000];

    private static readonly KeyValuePair<string, string>[] Metadata =
        [new("grokking.schema", "1"), new("grokking.config", "{\"task\":\"x + y\",\"note\":\"ä 🙂\"}"), new("grokking.empty", "")];

    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [NodeFact]
    public async Task Every_cell_comes_back_with_the_same_bits()
    {
        var tables = new List<(string Path, IReadOnlyList<TableColumn> Columns)>();
        foreach (int rows in Sizes)
        {
            foreach (int seed in (int[])[1, 2, 3])
                tables.Add(Write($"r{rows}-s{seed}.parquet", RandomTable.Draw((1000 * seed) + rows, rows), (ParquetCodec)(seed == 3 ? 4 : 2 * (seed - 1))));
        }

        await AssertReadBack(tables);
    }

    [NodeFact]
    public async Task Several_pages_and_a_dictionary_that_overflows_come_back_too()
    {
        const int Rows = (2 * ColumnChunkWriter.RowsPerPage) + 1;
        var random = new Random(7);
        TableColumn[] columns =
        [
            TableColumn.Int64("step", [.. Enumerable.Range(0, Rows).Select(i => 10L * i)]),
            // One distinct value more than a dictionary may have.
            TableColumn.Int32("overflowing", [.. Enumerable.Range(0, Rows).Select(i => i % (DictionaryEncoding.Limit + 1))]).As(ParquetEncoding.Dictionary),
            TableColumn.Int32("full", [.. Enumerable.Range(0, Rows).Select(i => i % DictionaryEncoding.Limit)]).As(ParquetEncoding.Dictionary),
            TableColumn.Text("single", [.. Enumerable.Repeat("train", Rows)]),
            TableColumn.OptionalDouble("sparse", [.. Enumerable.Range(0, Rows).Select(i => i % 1000 == 0 ? random.NextDouble() : (double?)null)]),
            TableColumn.Text("long", [.. Enumerable.Range(0, Rows).Select(i => i == 20_000 ? new string('m', 1 << 20) : "")]).As(ParquetEncoding.Plain),
        ];
        await AssertReadBack([Write("pages.parquet", columns, ParquetCodec.Gzip)]);

        ParquetTable table = ParquetTable.Open(folder.File("pages.parquet"));
        Assert.Equal(ParquetEncoding.Plain, table.Footer.RowGroups[0].Columns[1].Encoding);
        Assert.Equal(ParquetEncoding.Dictionary, table.Footer.RowGroups[0].Columns[2].Encoding);
    }

    [NodeFact]
    public async Task Page_checksums_are_those_that_another_library_computes()
    {
        (string path, _) = Write("checksums.parquet", RandomTable.Draw(5, 300), ParquetCodec.Gzip);
        JsonNode answer = (await NodeReaders.AskAsync(folder, NodeReaders.Checksums(path)))[0];
        Assert.Equal(0, (int)answer["wrong"]!);
        Assert.True((int)answer["pages"]! >= 32);

        // The test can fail: one bit of the last page of the file's first column.
        byte[] bytes = await File.ReadAllBytesAsync(path);
        ColumnChunkFooter first = ParquetTable.Open(path).Footer.RowGroups[0].Columns[0];
        bytes[first.Offset + first.CompressedSize - 1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(1, (int)(await NodeReaders.AskAsync(folder, NodeReaders.Checksums(path)))[0]["wrong"]!);
    }

    [NodeFact]
    public async Task Types_say_what_they_mean()
    {
        (string path, _) = Write("types.parquet", RandomTable.Draw(1, 5), ParquetCodec.Gzip);
        IReadOnlyList<string?[]> rows = await NodeReaders.QueryAsync(folder, $"select distinct column_type from (describe select * from read_parquet('{path}')) order by all");
        Assert.Equal(["BIGINT", "BOOLEAN", "DOUBLE", "FLOAT", "INTEGER", "TIMESTAMP WITH TIME ZONE", "VARCHAR"], rows.Select(r => r[0]));
    }

    [NodeFact]
    public async Task Pruning_never_loses_a_row()
    {
        // Three row groups with different ranges; in the second one the doubles contain NaN, in the third a zero of each sign.
        string path = folder.File("groups.parquet");
        IReadOnlyList<TableColumn>[] groups = [Group(0, false, false), Group(1, true, false), Group(2, false, true)];
        var schema = new ParquetSchema(groups[0].Select(c => c.Column), "step");
        await using (FileStream file = File.Create(path))
        {
            ParquetWriter writer = ParquetWriter.Begin(file, schema, []);
            foreach (IReadOnlyList<TableColumn> group in groups)
                writer.WriteRowGroup([.. group.Select(c => c.Cells)]);
            writer.Finish();
        }

        string[] literals = ["-1e300::double", "-1::double", "-0.0::double", "0::double", "0.5::double", "1::double", "1.5::double", "2::double", "3::double", "'inf'::double", "'nan'::double"];
        string[] texts = ["''", "'g0'", "'g1'", "'g2'", "'g3'", "'ä'"];
        var conditions = new List<string>();
        foreach (string comparison in (string[])["<", "<=", "=", "<>", ">=", ">", "is not distinct from"])
        {
            conditions.AddRange(((string[])["step", "loss", "single", "optional"]).SelectMany(c => literals.Select(l => $"{c} {comparison} {l}")));
            conditions.AddRange(texts.Select(t => $"name {comparison} {t}"));
        }

        conditions.AddRange(["optional is null", "optional is not null", "isnan(loss)", "not isnan(loss)", "flag", "not flag"]);
        string counts = string.Join(", ", conditions.Select(c => $"count(*) filter (where {c})"));
        // The same rows without statistics of ours: a table in DuckDB's memory, whose filter cannot be pushed into a file.
        string unpruned = $"select {counts} from t";
        var questions = conditions.Select(c => NodeReaders.Sql($"select count(*) from read_parquet('{path}') where {c}"));
        IReadOnlyList<JsonNode> answers =
            await NodeReaders.AskAsync(folder, [NodeReaders.Sql($"create table t as select * from read_parquet('{path}')"), NodeReaders.Sql(unpruned), .. questions]);
        string?[] expected = [.. answers[1]["rows"]![0]!.AsArray().Select(c => c?.ToString())];
        for (int i = 0; i < conditions.Count; i++)
            Assert.True(expected[i] == answers[i + 2]["rows"]![0]![0]!.ToString(), $"where {conditions[i]}: {answers[i + 2]["rows"]} instead of {expected[i]}");

        // In DuckDB a NaN is above every number: 60 of them, and one infinity. Bounds over the numbers alone would lose the 60.
        Assert.Equal("61", expected[conditions.IndexOf("loss > 2::double")]);
    }

    private static IReadOnlyList<TableColumn> Group(int number, bool withNan, bool withZeros)
    {
        const int Rows = 100;
        double[] loss = [.. Enumerable.Range(0, Rows).Select(i => withNan && i % 5 < 3 ? double.NaN : withZeros ? (i % 2 == 0 ? 0.0 : -0.0) : number + (i / 100.0))];
        if (number == 0)
            loss[0] = double.PositiveInfinity;
        return
        [
            TableColumn.Int64("step", [.. Enumerable.Range(0, Rows).Select(i => (long)((Rows * number) + i) / 100)]),
            TableColumn.Double("loss", loss),
            TableColumn.Float("single", [.. loss.Select(l => (float)l)]),
            TableColumn.OptionalDouble("optional", [.. loss.Select((l, i) => i % 3 == number ? (double?)l : null)]),
            TableColumn.Text("name", [.. Enumerable.Range(0, Rows).Select(i => i == 50 ? "ä" : $"g{number}")]),
            TableColumn.Truth("flag", [.. Enumerable.Range(0, Rows).Select(i => number == 0 || (number == 2 && i % 2 == 0))]),
        ];
    }

    private (string Path, IReadOnlyList<TableColumn> Columns) Write(string name, IReadOnlyList<TableColumn> columns, ParquetCodec codec)
    {
        string path = folder.File(name);
        using FileStream file = File.Create(path);
        ParquetWriter writer = ParquetWriter.Begin(file, new ParquetSchema(columns.Select(c => c.Column)), Metadata, codec);
        writer.WriteRowGroup([.. columns.Select(c => c.Cells)]);
        writer.Finish();
        return (path, columns);
    }

    private async Task AssertReadBack(IReadOnlyList<(string Path, IReadOnlyList<TableColumn> Columns)> tables)
    {
        IReadOnlyList<JsonNode> answers = await NodeReaders.AskAsync(
            folder, tables.Select(t => NodeReaders.Table(t.Path, t.Columns.ToDictionary(c => c.Column.Name, c => c.Column.Type.ToString()))));
        foreach (((string path, IReadOnlyList<TableColumn> columns), JsonNode answer) in tables.Zip(answers))
        {
            foreach (string reader in (string[])["hyparquet", "duckdb"])
            {
                JsonNode read = answer[reader]!;
                Assert.Equal(columns.Select(c => c.Column.Name), read["names"]!.AsArray().Select(n => n!.ToString()));
                Assert.Equal(Metadata.ToDictionary(), read["metadata"]!.AsObject().ToDictionary(p => p.Key, p => p.Value!.ToString()));
                foreach (TableColumn column in columns)
                {
                    string?[] expected = RandomTable.Expected(column.Cells);
                    string?[] actual = [.. read["columns"]![column.Column.Name]!.AsArray().Select(c => c?.ToString())];
                    Assert.True(expected.SequenceEqual(actual), $"{reader} reads {Path.GetFileName(path)}, {column.Column.Name}: {Difference(expected, actual)}");
                }
            }

            Assert.StartsWith("grokking version ", answer["hyparquet"]!["createdBy"]!.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Difference(string?[] expected, string?[] actual)
    {
        int row = expected.Zip(actual).TakeWhile(p => p.First == p.Second).Count();
        return $"{actual.Length} of {expected.Length} rows; row {row} is {actual.ElementAtOrDefault(row) ?? "null"}, not {expected.ElementAtOrDefault(row) ?? "null"}";
    }
}
