using System.Diagnostics.Metrics;

namespace Grokking.Host.Service;

/// <summary>
/// What the service tells those who watch many services: the meter <c>Grokking.Host</c>. No instrument has the run as a dimension, for runs are without number; who wants to
/// know about one run reads its files.
/// </summary>
internal sealed class Instruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Grokking.Host";

    private readonly Meter meter;
    private readonly Counter<long> steps;
    private readonly Histogram<double> stepDuration;
    private readonly Histogram<double> checkpointDuration;
    private readonly Counter<long> ended;

    /// <summary>Makes the instruments.</summary>
    public Instruments()
        : this(null)
    {
    }

    /// <summary>Makes the instruments of one of several services in a process.</summary>
    /// <param name="scope">By which listeners tell it from the others.</param>
    internal Instruments(object? scope)
    {
        meter = new Meter(MeterName, version: null, tags: null, scope);
        steps = meter.CreateCounter<long>("grokking.steps", "{step}", "Steps taken.");
        stepDuration = meter.CreateHistogram<double>("grokking.step.duration", "s", "Time of a step, as the mean over the last seconds.");
        checkpointDuration = meter.CreateHistogram<double>("grokking.checkpoint.duration", "s", "Time to write the rows of metrics that are open and a checkpoint.");
        ended = meter.CreateCounter<long>("grokking.runs.ended", "{run}", "Sittings that ended, by status.");
        meter.CreateObservableGauge("grokking.runs.training", () => Training, "{run}", "Runs that are trained.");
        meter.CreateObservableGauge("grokking.queue.length", () => QueueLength, "{run}", "Runs that wait.");
        meter.CreateObservableGauge("grokking.metrics.lag", () => MetricsLag, "s", "For how long rows of metrics have been on their way to the disk, of the run that is furthest behind.");
    }

    /// <summary>Runs that are trained, as of the last look.</summary>
    public int Training { get; set; }

    /// <summary>Runs that wait, as of the last look.</summary>
    public int QueueLength { get; set; }

    /// <summary>For how many seconds rows of metrics have been on their way to the disk, as of the last look; of the run that is furthest behind.</summary>
    public double MetricsLag { get; set; }

    /// <summary>A checkpoint was written.</summary>
    public void Saved(TimeSpan took) => checkpointDuration.Record(took.TotalSeconds);

    /// <summary>Some steps were taken.</summary>
    public void Stepped(long count, double stepsPerSecond)
    {
        steps.Add(count);
        if (stepsPerSecond > 0)
            stepDuration.Record(1 / stepsPerSecond);
    }

    /// <summary>A sitting ended.</summary>
    public void Ended(string status) => ended.Add(1, new KeyValuePair<string, object?>("status", status));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
