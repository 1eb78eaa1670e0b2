namespace Grokking.Host.Metrics;

/// <summary>When the sink does what.</summary>
internal sealed record MetricsSinkOptions
{
    /// <summary>Rows that may wait for the disk; then the trainer waits. Nothing is ever dropped.</summary>
    public int Capacity { get; init; } = 65_536;

    /// <summary>How often rows are handed to the operating system: what the end of this process can cost at most.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a row waits for its part at most, and so how far readers of parts are behind.</summary>
    public TimeSpan SealAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A part is published when it has this many rows.</summary>
    public int RowsPerPart { get; init; } = 20_000;

    /// <summary>How many times in a row a part may fail to be published before the sink gives up.</summary>
    public int SealAttempts { get; init; } = 5;
}
