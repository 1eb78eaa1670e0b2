using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Service.Metrics;

/// <summary>The metrics of a run that measures the same thing at the same step, whenever it is asked.</summary>
internal static class SampleRun
{
    public const string Id = "sample-run";

    public static readonly MetricsSchema Schema = new(
    [
        new ParquetColumn("train_loss", ParquetType.Double, false, ParquetEncoding.Plain),
        new ParquetColumn("test_accuracy", ParquetType.Double, true, ParquetEncoding.Dictionary),
        ParquetColumn.Of("weight_norm_w1", ParquetType.Double, optional: true),
    ]);

    public static readonly KeyValuePair<string, string>[] Metadata = [new("grokking.schema", "1"), new("grokking.run", Id)];

    public static MetricsSegments Segments(Folder run, int watermark = 0, Disk? disk = null) =>
        MetricsSegments.Begin(new MetricsFiles(run.Path, disk ?? Disk.Real), Schema, Id, Metadata, watermark);

    public static MetricsSink Sink(Folder run, int watermark = 0, MetricsSinkOptions? options = null, TimeProvider? clock = null, Disk? disk = null) =>
        new(Segments(run, watermark, disk), Schema, Id, options ?? new MetricsSinkOptions(), clock ?? TimeProvider.System);

    public static MetricsRow Row(long step) => new(step, DateTimeOffset.UnixEpoch.AddSeconds(step).AddMicroseconds(7), step * 0.1, Values(step));

    public static double?[] Expected(int column, params IEnumerable<long> steps) => [.. steps.Select(s => Values(s)[column])];

    public static IEnumerable<long> Steps(long from, long to) => Enumerable.Range(0, (int)(to - from)).Select(i => from + i);

    // Every value that JSON cannot say, and the ones that get lost on the way.
    private static System.Collections.Immutable.ImmutableArray<double?> Values(long step) =>
    [
        (step % 7) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -0.0, 3 => double.NegativeInfinity, 4 => double.Epsilon, _ => 1.0 / (step + 1) },
        step % 3 == 0 ? null : step % 5 / 4.0,
        step % 2 == 0 ? Math.Sqrt(step) : null,
    ];
}
