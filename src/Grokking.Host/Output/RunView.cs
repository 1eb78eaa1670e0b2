using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grokking.Host.Runs;
using Grokking.Measures;

namespace Grokking.Host.Output;

/// <summary>A run as other programs read it: the object of <c>--json</c> and of HTTP. What is not known, or is not a finite number, is null.</summary>
internal sealed record RunView
{
    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>What is learnt, such as <c>x + y mod 97</c>.</summary>
    public string? Task { get; init; }

    /// <summary>The kind of its network.</summary>
    public string? Network { get; init; }

    /// <summary>The kind of its optimiser.</summary>
    public string? Optimiser { get; init; }

    /// <summary>The fraction of all samples that is trained on.</summary>
    public double? TrainFraction { get; init; }

    /// <summary>How it stands: queued, running, pausing, paused, interrupted, completed, failed, cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>Why training ended; null while it has not.</summary>
    public string? StopReason { get; init; }

    /// <summary>The sentence about a failure.</summary>
    public string? Failure { get; init; }

    /// <summary>Steps taken, as of the newest checkpoint.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps of the budget.</summary>
    public required long Budget { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Runs of higher priority are trained first.</summary>
    public required int Priority { get; init; }

    /// <summary>Loss on the training samples at the last evaluation.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>Accuracy on the training samples, in [0, 1].</summary>
    public double? TrainAccuracy { get; init; }

    /// <summary>Loss on the test samples.</summary>
    public double? TestLoss { get; init; }

    /// <summary>Accuracy on the test samples, in [0, 1].</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>First evaluation with 95 % training accuracy.</summary>
    public long? MemorisedStep { get; init; }

    /// <summary>From when it stayed.</summary>
    public long? MemorisedStepSustained { get; init; }

    /// <summary>First evaluation with 99 %.</summary>
    [JsonPropertyName("memorised_step_99")]
    public long? MemorisedStepStrictly { get; init; }

    /// <summary>From when it stayed.</summary>
    [JsonPropertyName("memorised_step_99_sustained")]
    public long? MemorisedStepStrictlySustained { get; init; }

    /// <summary>First evaluation with 95 % test accuracy.</summary>
    public long? GrokkedStep { get; init; }

    /// <summary>From when it stayed.</summary>
    public long? GrokkedStepSustained { get; init; }

    /// <summary>First evaluation with 99 %.</summary>
    [JsonPropertyName("grokked_step_99")]
    public long? GrokkedStepStrictly { get; init; }

    /// <summary>From when it stayed.</summary>
    [JsonPropertyName("grokked_step_99_sustained")]
    public long? GrokkedStepStrictlySustained { get; init; }

    /// <summary>Mean speed of training, evaluations and files included.</summary>
    public double? StepsPerSecond { get; init; }

    /// <summary>Seconds spent training.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>How often it was taken up again.</summary>
    public required int Resumes { get; init; }

    /// <summary>When it was last put into the queue; null for a run that is trained in the foreground.</summary>
    public DateTimeOffset? Submitted { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its record was last written.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>What can be wished of it: resume, pause, cancel, extend.</summary>
    public required ImmutableArray<string> Wishes { get; init; }

    /// <summary>Its directory.</summary>
    public required string Directory { get; init; }

    /// <summary>All metrics in one file; null before its end.</summary>
    public string? Metrics { get; init; }

    /// <summary>Its newest checkpoint.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>A run as it stands.</summary>
    public static RunView Of(RunEntry entry)
    {
        RunRecord record = entry.Record;
        RunOutcome? outcome = record.Outcome;
        Milestones? milestones = outcome?.Milestones;
        string checkpoint = entry.Directory.Checkpoint(record.Step);
        return new()
        {
            Run = record.Run,
            Experiment = record.Experiment,
            Task = Setting(record, "task", "operation") is { } operation && Setting(record, "task", "modulus") is { } modulus ? $"{operation} mod {modulus}" : null,
            Network = Setting(record, "network", "kind")?.ToString(),
            Optimiser = Setting(record, "optimiser", "kind")?.ToString(),
            TrainFraction = Setting(record, "split", "trainFraction") is { ValueKind: JsonValueKind.Number } fraction ? fraction.GetDouble() : null,
            Status = record.Status.Name(),
            StopReason = record.StopReason,
            Failure = record.Failure,
            Steps = record.Step,
            Budget = record.Budget,
            Seed = record.Seed,
            Priority = record.Priority,
            TrainLoss = Finite(outcome?.TrainLoss),
            TrainAccuracy = Finite(outcome?.TrainAccuracy),
            TestLoss = Finite(outcome?.TestLoss),
            TestAccuracy = Finite(outcome?.TestAccuracy),
            MemorisedStep = milestones?.Memorised.First,
            MemorisedStepSustained = milestones?.Memorised.Sustained,
            MemorisedStepStrictly = milestones?.MemorisedStrictly.First,
            MemorisedStepStrictlySustained = milestones?.MemorisedStrictly.Sustained,
            GrokkedStep = milestones?.Grokked.First,
            GrokkedStepSustained = milestones?.Grokked.Sustained,
            GrokkedStepStrictly = milestones?.GrokkedStrictly.First,
            GrokkedStepStrictlySustained = milestones?.GrokkedStrictly.Sustained,
            StepsPerSecond = Finite(outcome?.StepsPerSecond),
            ElapsedSeconds = record.ElapsedSeconds,
            Resumes = record.Resumes,
            Submitted = record.Submitted,
            Created = record.Created,
            Updated = record.Updated,
            Wishes = [.. RunLife.Wishes(record.Status).Select(wish => JsonNamingPolicy.CamelCase.ConvertName(wish.ToString()))],
            Directory = entry.Directory.Path,
            Metrics = File.Exists(entry.Directory.Metrics) ? entry.Directory.Metrics : null,
            Checkpoint = File.Exists(checkpoint) ? checkpoint : null,
        };
    }

    // A record of another program's version may lack one.
    private static JsonElement? Setting(RunRecord record, string section, string name) =>
        record.Configuration is { ValueKind: JsonValueKind.Object } && record.Configuration.TryGetProperty(section, out JsonElement inner)
        && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(name, out JsonElement value) ? value : null;

    private static double? Finite(double? value) => value is { } real && double.IsFinite(real) ? real : null;
}
