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

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> steps;
    private readonly Histogram<double> stepDuration;
    private readonly Counter<long> ended;

    /// <summary>Makes the instruments.</summary>
    public Instruments()
    {
        steps = meter.CreateCounter<long>("grokking.steps", "{step}", "Steps taken.");
        stepDuration = meter.CreateHistogram<double>("grokking.step.duration", "s", "Time of a step, as the mean over the last seconds.");
        ended = meter.CreateCounter<long>("grokking.runs.ended", "{run}", "Sittings that ended, by status.");
        meter.CreateObservableGauge("grokking.runs.training", () => Training, "{run}", "Runs that are trained.");
        meter.CreateObservableGauge("grokking.queue.length", () => QueueLength, "{run}", "Runs that wait.");
    }

    /// <summary>Runs that are trained, as of the last look.</summary>
    public int Training { get; set; }

    /// <summary>Runs that wait, as of the last look.</summary>
    public int QueueLength { get; set; }

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
