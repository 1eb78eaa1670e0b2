using Grokking.Host.Checkpoints;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;

namespace Grokking.Service.Training;

/// <summary>What two runs must agree in.</summary>
internal static class RunFiles
{
    private static readonly string[] Times = ["time", "elapsed_seconds"];

    /// <summary>Asserts that two finished runs left the same weights, bit for bit, and the same rows of metrics, times aside.</summary>
    public static void AssertAlike(RunDirectory expected, RunDirectory actual)
    {
        AssertSameTensors(Newest(expected), Newest(actual));
        AssertSameRows(expected.Metrics, actual.Metrics);
        foreach (string folder in new[] { expected.Phases, expected.Spectra }.Where(Directory.Exists))
        {
            string other = Path.Combine(actual.Path, Path.GetFileName(folder));
            Assert.Equal(Names(folder), Names(other));
            foreach (string name in Names(folder))
                Assert.Equal(File.ReadAllBytes(Path.Combine(folder, name)), File.ReadAllBytes(Path.Combine(other, name)));
        }
    }

    /// <summary>The steps of a run's metrics.</summary>
    public static long?[] Steps(RunDirectory run) => ParquetTable.Open(run.Metrics).Longs("step");

    /// <summary>A column of a run's metrics; NaN where it has no number.</summary>
    public static double[] Column(RunDirectory run, string name) => [.. ParquetTable.Open(run.Metrics).Doubles(name).Select(value => value ?? double.NaN)];

    /// <summary>The newest checkpoint's file.</summary>
    public static string Newest(RunDirectory run) => Directory.GetFiles(run.Checkpoints, "step-*.safetensors").Order(StringComparer.Ordinal).Last();

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static void AssertSameTensors(string expected, string actual)
    {
        Assert.Equal(Path.GetFileName(expected), Path.GetFileName(actual));
        SafetensorsFile one = SafetensorsFile.Read(expected), other = SafetensorsFile.Read(actual);
        Assert.Equal(one.Tensors.Select(tensor => tensor.Name), other.Tensors.Select(tensor => tensor.Name));
        foreach (StoredTensor tensor in one.Tensors)
            Assert.True(tensor.Bytes.Span.SequenceEqual(other[tensor.Name].Bytes.Span), $"The bits of '{tensor.Name}' differ.");
        Assert.Equal(one.Metadata["grokking.course"], other.Metadata["grokking.course"]);
        Assert.Equal(one.Metadata["grokking.key"], other.Metadata["grokking.key"]);
    }

    private static void AssertSameRows(string expected, string actual)
    {
        ParquetTable one = ParquetTable.Open(expected), other = ParquetTable.Open(actual);
        Assert.True(one.Schema.HasColumnsOf(other.Schema));
        Assert.Equal(one.Longs("step"), other.Longs("step"));
        foreach (ParquetColumn column in one.Schema.Columns.Where(column => column.Type == ParquetType.Double && !Times.Contains(column.Name)))
        {
            Assert.Equal(
                one.Doubles(column.Name).Select(value => value is { } v ? BitConverter.DoubleToInt64Bits(v) : (long?)null),
                other.Doubles(column.Name).Select(value => value is { } v ? BitConverter.DoubleToInt64Bits(v) : (long?)null));
        }
    }
}
