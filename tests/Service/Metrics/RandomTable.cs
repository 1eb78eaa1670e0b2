using Grokking.Host.Metrics.Parquet;

namespace Grokking.Service.Metrics;

/// <summary>Tables drawn from a seed, full of the values that readers and writers get wrong.</summary>
internal static class RandomTable
{
    private static readonly double[] Doubles =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.0, double.Epsilon, -double.Epsilon, double.MaxValue,
        double.MinValue, 1, -1, 0.1, 9007199254740993.0, 1e-310,
    ];

    private static readonly float[] Floats =
        [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0.0f, 0.0f, float.Epsilon, float.MaxValue, float.MinValue, 1, -1, 0.1f];

    private static readonly long[] Longs =
        [long.MinValue, long.MaxValue, 0, -1, 1, (1L << 53) + 1, -(1L << 53) - 1, int.MinValue, int.MaxValue, uint.MaxValue];

    private static readonly int[] Integers = [int.MinValue, int.MaxValue, 0, -1, 1, 65535, 1 << 24];

    private static readonly string[] Texts =
        ["", "a", "train", "test", "ä", "日本語", "🙂 grok", "line\nbreak", "\"quoted\"", "nul\0inside", new('x', 64), new('y', 65), new('z', 5000)];

    // Microseconds: the epoch, before it, and the last day that every reader can print.
    private static readonly long[] Times = [0, -1, 1, 1_700_000_000_123_456, -2_208_988_800_000_001, 253_402_300_799_999_999];

    /// <summary>Draws a table: one column of each type and encoding, required and optional.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="rows">Number of rows.</param>
    public static IReadOnlyList<TableColumn> Draw(int seed, int rows)
    {
        var random = new Random(seed);
        var columns = new List<TableColumn>();
        foreach (bool optional in (bool[])[false, true])
        {
            Add(ParquetType.Boolean, r => r.Next(2) == 0, ParquetEncoding.Plain);
            Add(ParquetType.Int32, r => Pick(r, Integers, () => r.Next(int.MinValue, int.MaxValue), () => r.Next(-5, 5)), ParquetEncoding.Plain, ParquetEncoding.Dictionary, ParquetEncoding.Delta);
            Add(ParquetType.Int64, r => Pick(r, Longs, () => r.NextInt64(long.MinValue, long.MaxValue), () => r.Next(100)), ParquetEncoding.Plain, ParquetEncoding.Dictionary, ParquetEncoding.Delta);
            Add(ParquetType.Float, r => Pick(r, Floats, r.NextSingle, () => r.Next(3)), ParquetEncoding.Plain, ParquetEncoding.Dictionary);
            Add(ParquetType.Double, r => Pick(r, Doubles, r.NextDouble, () => r.Next(3)), ParquetEncoding.Plain, ParquetEncoding.Dictionary);
            Add(ParquetType.Timestamp, r => Pick(r, Times, () => r.NextInt64(0, 4_102_444_800_000_000), () => r.Next(9)), ParquetEncoding.Plain, ParquetEncoding.Dictionary);
            Add(ParquetType.Text, r => Pick(r, Texts, () => $"{r.NextInt64():x}", () => $"t{r.Next(4)}"), ParquetEncoding.Plain, ParquetEncoding.Dictionary);

            void Add<T>(ParquetType type, Func<Random, T> draw, params ParquetEncoding[] encodings)
                where T : notnull
            {
                foreach (ParquetEncoding encoding in encodings)
                {
                    var column = new ParquetColumn($"c{columns.Count}_{type}_{encoding}".ToLowerInvariant(), type, optional, encoding);
                    columns.Add(new TableColumn(column, Cells(random, rows, optional, draw)));
                }
            }
        }

        return columns;
    }

    /// <summary>The cells as the text in which readers report them: doubles as hexadecimal digits, NaN as NaN, null as null.</summary>
    public static string?[] Expected(ColumnValues cells) => cells switch
    {
        ColumnValues<bool> c => c.Cells<string?>(v => v ? "true" : "false", null),
        ColumnValues<int> c => c.Cells<string?>(v => $"{v}", null),
        ColumnValues<long> c => c.Cells<string?>(v => $"{v}", null),
        ColumnValues<float> c => c.Cells<string?>(v => Bits(v), null),
        ColumnValues<double> c => c.Cells<string?>(Bits, null),
        ColumnValues<string> c => c.Cells<string?>(v => v, null),
        _ => throw new NotSupportedException(),
    };

    private static string Bits(double value) => double.IsNaN(value) ? "NaN" : $"{BitConverter.DoubleToInt64Bits(value):x16}";

    // Half the time long runs of few values, as metrics have them; and now and then a column of nothing but nulls.
    private static ColumnValues<T> Cells<T>(Random random, int rows, bool optional, Func<Random, T> draw)
        where T : notnull
    {
        double nulls = optional ? random.Next(4) switch { 0 => 0, 1 => 1, 2 => 0.05, _ => 0.5 } : 0;
        bool inRuns = random.Next(2) == 0;
        bool[] present = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() >= nulls)];
        var values = new List<T>();
        while (values.Count < present.Count(p => p))
        {
            T value = draw(random);
            values.AddRange(Enumerable.Repeat(value, inRuns ? random.Next(1, 40) : 1));
        }

        return new ColumnValues<T>([.. values.Take(present.Count(p => p))], optional ? present : null);
    }

    private static T Pick<T>(Random random, T[] special, Func<T> anything, Func<T> ordinary) => random.Next(3) switch
    {
        0 => special[random.Next(special.Length)],
        1 => anything(),
        _ => ordinary(),
    };
}
