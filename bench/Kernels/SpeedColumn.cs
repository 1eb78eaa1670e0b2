using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Grokking.Kernels;

/// <summary>What a benchmark works off in one call.</summary>
public interface IWork
{
    /// <summary>Floating-point operations, two per multiply-add; where there is more than arithmetic to it, results.</summary>
    double Operations { get; }
}

/// <summary>Work over mean time: GFLOP/s of products, results per nanosecond of chains.</summary>
public sealed class SpeedColumn : IColumn
{
    /// <inheritdoc/>
    public string Id => nameof(SpeedColumn);

    /// <inheritdoc/>
    public string ColumnName => "per ns";

    /// <inheritdoc/>
    public bool AlwaysShow => true;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => true;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public string Legend => "operations per nanosecond: GFLOP/s of products, 10⁹ results per second of chains";

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(benchmarkCase);
        var work = benchmarkCase.Parameters.Items.Select(item => item.Value).OfType<IWork>().FirstOrDefault();
        var statistics = summary[benchmarkCase]?.ResultStatistics;
        var isWhole = benchmarkCase.Descriptor.WorkloadMethod.Name != nameof(Products.Packing);
        return work is null || statistics is null || !isWhole ? "-" : (work.Operations / statistics.Mean).ToString("0.00", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => true;

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
