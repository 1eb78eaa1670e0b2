using System.Collections.Immutable;
using System.Text.Json;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Configuration;

/// <summary>What reading an experiment gave: an experiment, or all of its errors.</summary>
/// <param name="Experiment">The experiment; null where there are errors.</param>
/// <param name="Errors">Everything that is wrong, in the order of the document.</param>
internal sealed record ExperimentReading(Experiment? Experiment, ImmutableArray<ConfigurationError> Errors)
{
    /// <summary>The paths of all settings that such a document can have; empty where the text could not be read at all.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];
}

/// <summary>Reads an experiment from JSON, strictly: every key is known, every value is in range, and they agree with each other.</summary>
internal static class ExperimentReader
{
    /// <summary>The losses that can be asked for; the first where nobody asks.</summary>
    public static ImmutableArray<(string Name, Loss Loss)> Losses { get; } =
    [
        ("meanSquaredError", new Loss.MeanSquaredError()),
        ("crossEntropy", new Loss.CrossEntropy()),
        ("stableMaxCrossEntropy", new Loss.StableMaxCrossEntropy()),
    ];

    /// <summary>The precisions that can be asked for.</summary>
    public static ImmutableArray<string> Precisions { get; } = ["single", "double"];

    /// <summary>How the learning rate can fall.</summary>
    public static ImmutableArray<string> Annealings { get; } = [.. Enum.GetNames<Annealing>().Select(DeclaredSetting.Camel)];

    /// <summary>What the last batch of an epoch can be.</summary>
    public static ImmutableArray<string> LastBatches { get; } = ["straddling", "short"];

    /// <summary>Where labels can be corrupted.</summary>
    public static ImmutableArray<string> Scopes { get; } = ["train", "all"];

    /// <summary>Reads a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="known">Whether the settings are known to fit together, so that it need not be found out again.</param>
    /// <param name="samples">What was made for other experiments already; null for nothing.</param>
    /// <returns>The experiment or every error.</returns>
    public static ExperimentReading Read(JsonElement document, bool known = false, SharedSamples? samples = null)
    {
        var errors = new List<ConfigurationError>();
        // Whoever reads many at once has looked at one of them for its paths.
        List<string>? paths = known || samples is not null ? null : [];
        var root = new JsonSection(document, "", errors, paths);
        if (!root.IsObject)
            return new(null, [.. errors]);

        if (root.Has("$schema"))
            root.Text("$schema");
        string name = ReadName(root);
        string source = root.Text("source", "");
        TaskSettings task = TaskReader.Read(root.Section("task", "an object such as {\"operation\": \"x + y\", \"modulus\": 97}"));
        (double fraction, LaterSplit? later) = ReadSplit(root.Section("split", "an object such as {\"trainFraction\": 0.5}"));
        CorruptionSettings corruption = ReadCorruption(root.Section("labelCorruption", "an object", optional: true), root.Has("labelCorruption"));
        INetwork network = Kinds<INetwork>.Read(
            root.Section("network", "an object such as {\"kind\": \"quadratic\", \"width\": 500}"),
            (nameof(TaskSettings.Modulus), task.Modulus),
            (nameof(TaskSettings.Operands), Math.Max(1, task.Operands)));
        string loss = root.OneOf("loss", [.. Losses.Select(each => each.Name)], Losses[0].Name);
        Optimiser optimiser = Kinds<Optimiser>.Read(
            root.Section("optimiser", "an object such as {\"kind\": \"gradientDescent\", \"learningRate\": 3e5}"));
        ImmutableArray<GradientFilter> filters =
            [.. root.Sections("gradient", "a list of objects such as [{\"kind\": \"grokfastEma\"}]").Select(section => Kinds<GradientFilter>.Read(section))];
        WeightSettings weights = ReadWeights(root.Section("weights", "an object", optional: true));
        double? outputScale = root.Has("outputScale") ? root.Number("outputScale", Range.Positive) : null;
        Schedule schedule = ReadSchedule(root.Section("schedule", "an object", optional: true));
        long? batch = root.WordOrInteger("batch", "full", 1, Limits.Samples);
        bool endsEpochs = root.OneOf("lastBatch", LastBatches, "straddling") == "short";
        Budget budget = ReadBudget(root.Section("budget", "an object such as {\"steps\": 6000}"));
        EvaluationSchedule evaluation = ReadEvaluation(root);
        CheckpointSettings checkpoint = ReadCheckpoint(root.Section("checkpoint", "an object", optional: true));
        ImmutableArray<string> measures = root.Names("measures", MeasureNames.All);
        Precision precision = root.OneOf("precision", Precisions, "single") == "double" ? Precision.Double : Precision.Single;
        long seed = root.Integer("seed", 0, Limits.Seed, 0);
        root.Close();

        var experiment = new Experiment
        {
            Name = name,
            Source = source,
            Task = task,
            TrainFraction = fraction,
            Later = later,
            Corruption = corruption,
            Network = network,
            Loss = Losses.FirstOrDefault(each => each.Name == loss, Losses[0]).Loss,
            Optimiser = optimiser,
            Filters = filters,
            Weights = weights,
            OutputScale = outputScale,
            Schedule = schedule with { Steps = schedule.Annealing == Annealing.None ? 0 : budget.Steps },
            BatchSize = (int?)batch,
            EndsEpochs = endsEpochs,
            Budget = budget,
            Evaluation = evaluation,
            Checkpoint = checkpoint,
            Measures = measures,
            Precision = precision,
            Seed = seed,
        };
        if (errors.Count == 0 && !known)
            errors.AddRange(CrossFieldRules.Check(experiment, samples));
        return new(errors.Count == 0 ? Resolved(experiment, samples ?? new()) : null, [.. errors]) { Paths = [.. paths ?? []] };
    }

    // One spelling per formula, and the number of operands that it means: equal experiments are equal texts.
    private static Experiment Resolved(Experiment experiment, SharedSamples samples)
    {
        ArithmeticTask task = samples.Task(experiment).OrThrow();
        return experiment with
        {
            Task = experiment.Task with { Operation = task.Text, Operands = task.OperandCount },
            Network = ExperimentData.Network(experiment, task.OperandCount),
        };
    }

    private static string ReadName(JsonSection root)
    {
        string name = root.Text("name");
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/')))
            root.Note("name", $"is \"{Excerpt.Of(name)}\"", "it must be letters, digits and the signs - _ . / such as \"gromov/fig1-gd\"");
        return name;
    }

    private static (double TrainFraction, LaterSplit? Later) ReadSplit(JsonSection section)
    {
        double fraction = section.Number("trainFraction", Range.ProperFraction);
        LaterSplit? later = section.Has("later") ? ReadLater(section.Section("later", "an object such as {\"fromStep\": 2000, \"trainFraction\": 0.2}")) : null;
        section.Close();
        return (fraction, later);
    }

    private static LaterSplit ReadLater(JsonSection section)
    {
        long from = section.Integer("fromStep", 1, Limits.Steps);
        double fraction = section.Number("trainFraction", Range.ProperFraction);
        section.Close();
        return new(from, fraction);
    }

    private static CorruptionSettings ReadCorruption(JsonSection section, bool present)
    {
        double fraction = section.Number("fraction", Range.Share, present ? null : 0);
        string scope = section.OneOf("scope", Scopes, "train");
        section.Close();
        return new(fraction, scope == "all");
    }

    private static Schedule ReadSchedule(JsonSection section)
    {
        long warmup = section.Integer("warmupSteps", 0, Limits.Steps, 0);
        long from = section.Integer("warmupFrom", 0, 1, 1);
        string annealing = section.OneOf("annealing", Annealings, Annealings[0]);
        section.Close();
        return new(warmup) { WarmupFrom = (int)from, Annealing = (Annealing)Math.Max(0, Annealings.IndexOf(annealing)) };
    }

    private static WeightSettings ReadWeights(JsonSection section)
    {
        double scale = section.Number("initialScale", Range.Positive, 1);
        double? norm = section.Has("norm") ? section.Number("norm", Range.Positive) : null;
        section.Close();
        return new(scale, norm);
    }

    private static Budget ReadBudget(JsonSection section)
    {
        long steps = section.Integer("steps", 0, Limits.Steps);
        double? target = section.Has("testAccuracy") ? section.Number("testAccuracy", Range.PositiveShare) : null;
        section.Close();
        return new(steps, target);
    }

    private static EvaluationSchedule ReadEvaluation(JsonSection root)
    {
        const string words = "an object with {\"every\": steps}, {\"perDecade\": count} or both";
        JsonSection section = root.Section("evaluation", words);
        long? every = section.Has("every") ? section.Integer("every", 1, Limits.Steps) : null;
        int? perDecade = section.Has("perDecade") ? (int)section.Integer("perDecade", 1, Limits.PerDecade) : null;
        if (section.IsObject && root.Has("evaluation") && every is null && perDecade is null)
            root.Note("evaluation", "has neither 'every' nor 'perDecade'", $"it must be {words}");
        section.Close();
        return new(every is null && perDecade is null ? 1 : every, perDecade);
    }

    private static CheckpointSettings ReadCheckpoint(JsonSection section)
    {
        long? steps = section.Has("everySteps") ? section.Integer("everySteps", 1, Limits.Steps) : null;
        double? seconds = section.Has("everySeconds") ? section.Number("everySeconds", new Range(0, Limits.Seconds, false, true)) : null;
        section.Close();
        return steps is null && seconds is null ? new(null, 60) : new(steps, seconds);
    }
}
