using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Host.Training;

/// <summary>The Parquet files of a run beside its metrics; each is written at once.</summary>
/// <param name="directory">The run.</param>
/// <param name="run">The run's id.</param>
/// <param name="experiment">The experiment.</param>
internal sealed class RunTables(RunDirectory directory, string run, Experiment experiment)
{
    /// <summary>The version of the form of all tables.</summary>
    public const string Schema = "grokking.tables/1";

    /// <summary>What every file says about itself.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; } =
    [
        new("grokking.schema", Schema),
        new("grokking.run", run),
        new("grokking.experiment", experiment.Name),
        new("grokking.config", CanonicalForm.Write(experiment)),
        new("grokking.version", RunEnvironment.ProgramVersion),
    ];

    /// <summary>Writes <c>dataset.parquet</c>: every sample, with the label that is used.</summary>
    public void WriteDataSet(DataSplit split, DataSplit? later) => TableFile.Write(
        directory.Disk,
        directory.DataSet,
        [
            TableColumn.Int32("index", [.. Enumerable.Range(0, split.Data.Count)]),
            .. split.Data.Operands.Select((operand, k) => TableColumn.Int32($"x{k + 1}", [.. operand])),
            TableColumn.Int32("label", [.. split.Labels]),
            Sides("split", split),
            .. later is null ? Array.Empty<TableColumn>() : [Sides("later_split", later)],
            TableColumn.Truth("corrupted", [.. split.IsCorrupted]),
        ],
        Metadata,
        sortedBy: "index");

    private static TableColumn Sides(string name, DataSplit split) => TableColumn.Text(name, [.. split.IsTrain.Select(train => train ? "train" : "test")]);

    /// <summary>Writes the phases of every neuron at a step.</summary>
    public void WritePhases(long step, Specimen specimen)
    {
        ImmutableArray<NeuronPhase> phases = specimen.NeuronPhases;
        Write(directory.Phases, step, phases.Length,
        [
            TableColumn.Int32("neuron", [.. phases.Select(phase => phase.Neuron)]),
            TableColumn.Int32("frequency", [.. phases.Select(phase => phase.Frequency)]),
            TableColumn.Double("phase_x1", [.. phases.Select(phase => phase.First)]),
            TableColumn.Double("phase_x2", [.. phases.Select(phase => phase.Second)]),
            TableColumn.Double("phase_output", [.. phases.Select(phase => phase.ReadOut)]),
            TableColumn.Double("residual", [.. phases.Select(phase => phase.Residual)]),
            TableColumn.Double("power_share", [.. phases.Select(phase => phase.PowerShare)]),
        ]);
    }

    /// <summary>Writes the Fourier power of every neuron at a step.</summary>
    public void WriteSpectra(long step, Specimen specimen)
    {
        ImmutableArray<NeuronPower> powers = Measures.Phases.Powers(specimen);
        Write(directory.Spectra, step, powers.Length,
        [
            TableColumn.Int32("neuron", [.. powers.Select(power => power.Neuron)]),
            TableColumn.Int32("frequency", [.. powers.Select(power => power.Frequency)]),
            TableColumn.Double("power_x1", [.. powers.Select(power => power.First)]),
            TableColumn.Double("power_x2", [.. powers.Select(power => power.Second)]),
            TableColumn.Double("power_output", [.. powers.Select(power => power.ReadOut)]),
        ]);
    }

    /// <summary>Writes <c>spikes.parquet</c>: one row for each spike of the training loss, as the evaluations show them.</summary>
    /// <param name="spikes">At least one.</param>
    /// <param name="memorised">The first step with 95 % training accuracy; null where there was none.</param>
    public void WriteSpikes(ImmutableArray<Spike> spikes, long? memorised) => TableFile.Write(
        directory.Disk,
        directory.Spikes,
        [
            TableColumn.Text("run_id", [.. spikes.Select(_ => run)]),
            TableColumn.Int64("start_step", [.. spikes.Select(spike => spike.Start)]),
            TableColumn.Int64("peak_step", [.. spikes.Select(spike => spike.Peak)]),
            TableColumn.Int64("end_step", [.. spikes.Select(spike => spike.End)]),
            TableColumn.Double("peak_ratio", [.. spikes.Select(spike => spike.Ratio)]),
            TableColumn.Double("test_ratio", [.. spikes.Select(spike => spike.TestRatio)]),
            TableColumn.Double("lowest_train_accuracy", [.. spikes.Select(spike => spike.LowestTrainAccuracy)]),
            TableColumn.Double("lowest_test_accuracy", [.. spikes.Select(spike => spike.LowestTestAccuracy)]),
            TableColumn.Truth("after_memorising", [.. spikes.Select(spike => spike.Start >= memorised)]),
            TableColumn.Truth("slingshot_like", [.. spikes.Select(spike => spike.IsSlingshotLike)]),
            TableColumn.Truth("shift", [.. spikes.Select(spike => spike.IsShift)]),
        ],
        Metadata,
        sortedBy: "start_step");

    /// <summary>Writes <c>summary.parquet</c>: one row with every setting and every outcome.</summary>
    public void WriteSummary(RunRecord record)
    {
        RunOutcome outcome = record.Outcome ?? throw new InvalidOperationException("A run without an evaluation has no summary.");
        Milestones milestones = outcome.Milestones;
        TableFile.Write(
            directory.Disk,
            directory.Summary,
            [
                TableColumn.Text("run_id", run),
                TableColumn.Text("experiment", experiment.Name),
                .. Settings(),
                TableColumn.Text("status", record.Status.ToString().ToLowerInvariant()),
                TableColumn.OptionalText("stop_reason", record.StopReason),
                TableColumn.Int64("steps", record.Step),
                TableColumn.Double("train_loss", outcome.TrainLoss),
                TableColumn.Double("train_accuracy", outcome.TrainAccuracy),
                TableColumn.Double("test_loss", outcome.TestLoss),
                TableColumn.Double("test_accuracy", outcome.TestAccuracy),
                .. Crossings("memorised_step", milestones.Memorised),
                .. Crossings("memorised_step_99", milestones.MemorisedStrictly),
                .. Crossings("grokked_step", milestones.Grokked),
                .. Crossings("grokked_step_99", milestones.GrokkedStrictly),
                TableColumn.OptionalInt64("delay_steps", milestones.Delay),
                TableColumn.OptionalDouble("delay_ratio", milestones.DelayRatio),
                TableColumn.OptionalDouble("delay_ratio_99", milestones.DelayRatioStrictly),
                TableColumn.OptionalDouble("stability", milestones.Grokked.Stability),
                TableColumn.OptionalInt64("spikes", outcome.Disturbances?.Spikes),
                TableColumn.OptionalInt64("spikes_after_memorising", outcome.Disturbances?.SpikesAfterMemorising),
                TableColumn.OptionalInt64("slingshots", outcome.Disturbances?.Slingshots),
                TableColumn.OptionalInt64("collapses", outcome.Disturbances?.Collapses),
                TableColumn.OptionalInt64("collapsed_step", outcome.Disturbances?.CollapsedStep),
                TableColumn.OptionalInt64("recovered_step", outcome.Disturbances?.RecoveredStep),
                TableColumn.Double("elapsed_seconds", record.ElapsedSeconds),
                TableColumn.Double("steps_per_second", outcome.StepsPerSecond),
                TableColumn.Int32("resumes", record.Resumes),
                TableColumn.Timestamp("created", record.Created),
                TableColumn.Timestamp("ended", record.Updated),
                TableColumn.Text("version", record.Environment.Version),
                TableColumn.OptionalText("commit", record.Environment.Commit),
                TableColumn.Text("numerics_profile", record.Environment.NumericsProfile),
                TableColumn.Text("host", record.Environment.Host),
            ],
            Metadata);
    }

    private void Write(string folder, long step, int rows, IEnumerable<TableColumn> columns)
    {
        directory.Disk.MakeDirectory(folder);
        TableFile.Write(
            directory.Disk,
            Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"step-{step:D9}.parquet")),
            [
                TableColumn.Text("run_id", [.. Enumerable.Repeat(run, rows)]),
                TableColumn.Int64("step", [.. Enumerable.Repeat(step, rows)]),
                .. columns,
            ],
            Metadata);
    }

    /// <summary>Every setting of the experiment, as one row.</summary>
    public IEnumerable<TableColumn> Settings()
    {
        return
        [
            TableColumn.Text("operation", experiment.Task.Operation),
            TableColumn.Int32("modulus", experiment.Task.Modulus),
            TableColumn.Int32("operands", experiment.Task.Operands),
            TableColumn.Double("train_fraction", experiment.TrainFraction),
            TableColumn.Double("label_corruption", experiment.Corruption.Fraction),
            TableColumn.Text("label_corruption_scope", experiment.Corruption.Everywhere ? "all" : "train"),
            TableColumn.Text("network", Kinds<INetwork>.NameOf(experiment.Network)),
            .. Kinds<INetwork>.Properties.Select(property => Setting(experiment.Network, property)),
            TableColumn.Text("loss", CanonicalForm.LossName(experiment.Loss)),
            TableColumn.Text("optimiser", Kinds<Optimiser>.NameOf(experiment.Optimiser)),
            .. Kinds<Optimiser>.Properties.Select(property => Setting(experiment.Optimiser, property)),
            TableColumn.OptionalText("gradient", CanonicalForm.FiltersText(experiment)),
            TableColumn.Double("initial_scale", experiment.Weights.InitialScale),
            TableColumn.OptionalDouble("weight_norm", experiment.Weights.Norm),
            TableColumn.OptionalDouble("output_scale", experiment.OutputScale),
            TableColumn.Int64("warmup_steps", experiment.Schedule.WarmupSteps),
            TableColumn.Int32("warmup_from", experiment.Schedule.WarmupFrom),
            TableColumn.Text("annealing", DeclaredSetting.Text(experiment.Schedule.Annealing)),
            TableColumn.OptionalInt64("batch_size", experiment.BatchSize),
            TableColumn.Text("last_batch", experiment.EndsEpochs ? "short" : "straddling"),
            TableColumn.Int64("budget_steps", experiment.Budget.Steps),
            TableColumn.OptionalDouble("budget_test_accuracy", experiment.Budget.TestAccuracy),
            TableColumn.OptionalInt64("evaluation_every", experiment.Evaluation.Every),
            TableColumn.OptionalInt64("evaluation_per_decade", experiment.Evaluation.PerDecade),
            TableColumn.OptionalInt64("checkpoint_every_steps", experiment.Checkpoint.EverySteps),
            TableColumn.OptionalDouble("checkpoint_every_seconds", experiment.Checkpoint.EverySeconds),
            TableColumn.Text("measures", string.Join(',', experiment.Measures)),
            TableColumn.Text("precision", CanonicalForm.PrecisionName(experiment.Precision)),
            TableColumn.Int64("seed", experiment.Seed),
        ];
    }

    // The type follows from the property alone, whichever kinds there are: what all kinds have by their type is never null.
    private static TableColumn Setting<T>(T of, PropertyInfo property)
        where T : class
    {
        object? value = Kinds<T>.ValueOf(of, property);
        string name = DeclaredSetting.Column(property);
        bool always = typeof(T).GetProperty(property.Name) is not null;
        return property.PropertyType == typeof(double)
            ? always ? TableColumn.Double(name, (double)value!) : TableColumn.OptionalDouble(name, (double?)value)
            : property.PropertyType == typeof(int)
            ? always ? TableColumn.Int32(name, (int)value!) : TableColumn.OptionalInt64(name, (int?)value)
            : TableColumn.OptionalText(name, value is null ? null : DeclaredSetting.Text(value));
    }

    private static IEnumerable<TableColumn> Crossings(string name, Crossing crossing) =>
    [
        TableColumn.OptionalInt64(name, crossing.First),
        TableColumn.OptionalInt64($"{name}_sustained", crossing.Sustained),
        TableColumn.OptionalInt64($"{name}_last", crossing.Last),
    ];
}
