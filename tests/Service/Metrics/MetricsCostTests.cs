using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Service;
using Grokking.Host.Training;
using Grokking.Training;

namespace Grokking.Service.Metrics;

/// <summary>
/// What it costs to measure: the same steps and evaluations with rows written and meters listened to, and without. Timed, in turn, where GROKKING_METRICS_COST_TABLE names a
/// file for the table; the suite itself times nothing.
/// </summary>
public class MetricsCostTests
{
    private static readonly string? Table = Environment.GetEnvironmentVariable("GROKKING_METRICS_COST_TABLE");
    private static readonly int Rounds = Table is null ? 2 : 120;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(Table is null ? 0.05 : 0.5);

    [Fact]
    public void Rows_and_meters_beside_the_bare_steps()
    {
        var table = new StringBuilder("# What metrics cost\n\nSteps per second without and with rows of metrics written and meters listened to, 120 rounds of half a second each, in turn and in changing order, medians; the cost is the median of the rounds', between the bounds that hold it in 95 of 100 cases. Made by GROKKING_METRICS_COST_TABLE=FILE dotnet test --filter MetricsCostTests.\n\n| experiment | a row every | without | with | cost |\n|---|---|---|---|---|\n");
        foreach ((string preset, int every) in new[] { ("gromov/fig1-gd", 10), ("gromov/fig1-gd", 1), ("pku/transformer-coded", 10) })
        {
            (double[] without, double[] with, long rows) = Compare(preset, every);
            Assert.True(rows > 0);
            double[] costs = [.. without.Zip(with, (bare, measured) => 100 * (1 - (measured / bare)))];
            // The ranks between which a median lies are those of a fair coin.
            double margin = Math.Min(0.5, 0.98 / Math.Sqrt(costs.Length));
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| `{preset}` | {(every == 1 ? "step" : $"{every} steps")} | {Quantile(without, 0.5):0.0} | {Quantile(with, 0.5):0.0} | {Quantile(costs, 0.5):0.0} % ({Quantile(costs, 0.5 - margin):0.0} … {Quantile(costs, 0.5 + margin):0.0}) |");
        }

        if (Table is not null)
            File.WriteAllText(Table, table.ToString());
    }

    private static (double[] Without, double[] With, long Rows) Compare(string preset, int every)
    {
        using var folder = new Folder();
        Experiment experiment = ConfigurationText.Read(ExperimentCatalogue.Default.Preset(preset).OrThrow(), [new Change("evaluation", $$"""{ "every": {{every}} }""")]).Experiment!;
        int threads = Environment.ProcessorCount;
        using Equipment equipment = Equipment.Prepare(experiment, Engines.Own(threads)).OrThrow();
        (DataSplit split, Recipe recipe, IStepMachine machine, _) = equipment;
        using var measurement = new Measurement(experiment, recipe, split, threads);
        machine.Load(InitialState.Of(recipe, experiment.Precision, ExperimentData.Key(experiment)));
        using MetricsSink sink = MetricsSink.Open(new MetricsFiles(folder.Path, Disk.Real), "run", measurement.Columns, [], 0, TimeProvider.System);
        using var instruments = new Instruments();
        using var listener = new MeterListener { InstrumentPublished = (instrument, itself) => itself.EnableMeasurementEvents(instrument) };
        listener.Start();

        long rows = 0;
        void Bare()
        {
            machine.Advance(every);
            machine.Evaluate(measurement.WithNorms);
        }

        void Measured()
        {
            machine.Advance(every);
            Evaluation evaluation = machine.Evaluate(measurement.WithNorms);
            sink.Append(new MetricsRow(machine.Step, DateTimeOffset.UtcNow, rows, measurement.Of(machine, evaluation)));
            instruments.Stepped(every, 100);
            rows++;
        }

        var speeds = (Without: new List<double>(), With: new List<double>());
        for (int round = 0; round < Rounds; round++)
        {
            // Each is the first of its round as often as the other.
            foreach (bool measured in round % 2 == 0 ? new[] { false, true } : [true, false])
                (measured ? speeds.With : speeds.Without).Add(Speed(measured ? Measured : Bare, every));
        }

        sink.Complete();
        return ([.. speeds.Without], [.. speeds.With], rows);
    }

    private static double Speed(Action act, int steps)
    {
        var watch = Stopwatch.StartNew();
        long taken = 0;
        for (; watch.Elapsed < Round; taken += steps)
            act();
        return taken / watch.Elapsed.TotalSeconds;
    }

    private static double Quantile(double[] values, double share) => values.Order().ElementAt((int)(share * (values.Length - 1)));
}
