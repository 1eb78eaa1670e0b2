using System.Diagnostics.Metrics;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Grokking.Host.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Serving;

/// <summary>What the meter says, heard as any program of the same process would hear it.</summary>
public sealed class InstrumentsTests : IDisposable
{
    private readonly SetClock clock = new();
    private readonly Instruments instruments;
    private readonly WorkerHealth health;
    private readonly Dictionary<string, (string? Unit, List<double> Values)> heard = new(StringComparer.Ordinal);
    private readonly HashSet<string> labels = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();

    public InstrumentsTests()
    {
        // Other tests may have meters of the same name at the same time; only what this one makes is listened to.
        listener.InstrumentPublished = (instrument, of) =>
        {
            if (instrument.Meter.Name == Instruments.MeterName && ReferenceEquals(instrument.Meter.Scope, this))
                of.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>(Hear);
        listener.Start();
        instruments = new Instruments(scope: this);
        health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance, new Alerts(clock, NullLogger<Alerts>.Instance), instruments);
    }

    public void Dispose()
    {
        listener.Dispose();
        instruments.Dispose();
    }

    [Fact]
    public void A_run_is_heard_in_steps_seconds_and_checkpoints_and_the_queue_by_its_length()
    {
        IRunObserver run = health.Listen("run-1");
        run.Started(new RunDirectory("/nowhere"), 0);
        run.Saved(TimeSpan.FromSeconds(0.25));
        run.Progressed(new RunProgress("run-1", 40, 100, StepsPerSecond: 20, 0, 0) { MetricsLag = 0.5 });
        run.Progressed(new RunProgress("run-1", 100, 100, StepsPerSecond: 10, 0, 0) { MetricsLag = 1.5 });
        health.Listen("run-2").Progressed(new RunProgress("run-2", 0, 100, 0, 0, 0) { MetricsLag = 0.75 });
        health.Tick();
        instruments.QueueLength = 3;
        run.Ended(Record("run-1"));
        listener.RecordObservableInstruments();

        Assert.Equal(100, Values("grokking.steps", "{step}").Sum());
        Assert.Equal([0.05, 0.1], Values("grokking.step.duration", "s"));
        Assert.Equal([0.25], Values("grokking.checkpoint.duration", "s"));
        Assert.Equal([3], Values("grokking.queue.length", "{run}"));
        Assert.Equal([1.5], Values("grokking.metrics.lag", "s"));
        Assert.Equal([2], Values("grokking.runs.training", "{run}"));
        Assert.Equal([1], Values("grokking.runs.ended", "{run}"));
        // Runs are without number: no instrument is split by them.
        Assert.Equal(["status=completed"], labels);
    }

    private double[] Values(string name, string unit)
    {
        Assert.True(heard.ContainsKey(name), $"Nothing was heard of {name}.");
        Assert.Equal(unit, heard[name].Unit);
        return [.. heard[name].Values];
    }

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state = null)
    {
        if (!heard.TryGetValue(instrument.Name, out (string? Unit, List<double> Values) before))
            heard[instrument.Name] = before = (instrument.Unit, []);
        before.Values.Add(value);
        foreach (KeyValuePair<string, object?> tag in tags)
            labels.Add($"{tag.Key}={tag.Value}");
    }

    private static RunRecord Record(string run) => new()
    {
        Run = run,
        Experiment = "any",
        Status = RunStatus.Completed,
        Step = 100,
        Budget = 100,
        Seed = 0,
        Resumes = 0,
        ElapsedSeconds = 1,
        Created = default,
        Updated = default,
        Configuration = default,
        Environment = RunEnvironment.Current("any", 1),
    };
}
