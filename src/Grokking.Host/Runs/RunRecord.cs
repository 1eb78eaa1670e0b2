using System.Text.Json;
using System.Text.Json.Serialization;
using Grokking.Measures;

namespace Grokking.Host.Runs;

/// <summary>What <c>run.json</c> says: which experiment, how it stands, and what it ran on.</summary>
internal sealed record RunRecord
{
    /// <summary>The form of this file.</summary>
    public const string CurrentSchema = "grokking.run/1";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>The form in which this record was written.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The fencing token of the lease under which this was written; 0 for none.</summary>
    public long Token { get; init; }

    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>How the run stood when this was written; <see cref="RunCatalogue"/> knows whether its process still lives.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Why training ended; null while it has not.</summary>
    public string? StopReason { get; init; }

    /// <summary>The sentence about a failure; null where there is none.</summary>
    public string? Failure { get; init; }

    /// <summary>Steps taken, as of the newest checkpoint.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the budget; more than the configuration's where the run was extended.</summary>
    public required long Budget { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>How often the run was taken up again.</summary>
    public required int Resumes { get; init; }

    /// <summary>Seconds spent training, over all sittings, as of the newest checkpoint.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Runs of higher priority are trained first; 0 unless somebody said otherwise.</summary>
    public int Priority { get; init; }

    /// <summary>When it was last put into the queue; null for a run that is trained in the foreground.</summary>
    public DateTimeOffset? Submitted { get; init; }

    /// <summary>When the run was accepted or, in the foreground, began.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When a process first took it up; null before.</summary>
    public DateTimeOffset? Begun { get; init; }

    /// <summary>When this was written.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>What was reached at the last evaluation; null before the first.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>The experiment, resolved: every default filled in.</summary>
    public required JsonElement Configuration { get; init; }

    /// <summary>What trained it last.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Reads the record of a run.</summary>
    /// <returns>The record, or the sentence that says why there is none.</returns>
    public static Result<RunRecord> Read(RunDirectory directory) => Read(directory, text =>
        JsonSerializer.Deserialize<RunRecord>(text, Format) is { Run: not null, Experiment: not null, Environment: not null } record ? (record.Schema, record) : throw new JsonException());

    /// <summary>Reads what somebody wants to know of the record of a run.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="parse">Reads that, and the form of the record.</param>
    internal static Result<T> Read<T>(RunDirectory directory, Func<byte[], (string Schema, T Read)> parse)
    {
        try
        {
            (string schema, T read) = parse(File.ReadAllBytes(directory.Record));
            return schema == CurrentSchema ? Result.Success(read) : Result.Failure<T>($"The file {directory.Record} has the form '{schema}'; this program reads '{CurrentSchema}'.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter where a text is not UTF-8.
            return Result.Failure<T>($"The file {directory.Record} is damaged and says no longer what the run is; restore it, or delete {directory.Path} to train the run anew.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result.Failure<T>($"The file {directory.Record} cannot be read: {fault.Message}");
        }
    }

    /// <summary>Publishes the record: readers see the old one or this one, never a mixture.</summary>
    /// <param name="directory">Where, in the hands of whoever holds the lease.</param>
    /// <param name="overwrite">Whether there may be one already.</param>
    public void Write(RunDirectory directory, bool overwrite = true) => directory.Disk.PublishText(directory.Record, JsonSerializer.Serialize(this, Format), overwrite);
}

/// <summary>What a run had reached at its last evaluation.</summary>
/// <param name="Step">The step of that evaluation.</param>
/// <param name="TrainLoss">Loss on the training samples.</param>
/// <param name="TrainAccuracy">Accuracy on the training samples, in [0, 1].</param>
/// <param name="TestLoss">Loss on the test samples.</param>
/// <param name="TestAccuracy">Accuracy on the test samples, in [0, 1].</param>
/// <param name="Milestones">When the accuracies passed their marks.</param>
/// <param name="StepsPerSecond">Mean speed of training, evaluations and files included.</param>
internal sealed record RunOutcome(
    long Step,
    double TrainLoss,
    double TrainAccuracy,
    double TestLoss,
    double TestAccuracy,
    Milestones Milestones,
    double StepsPerSecond)
{
    /// <summary>Spikes and collapses; null in a run that was begun when nobody looked for them.</summary>
    public Disturbances? Disturbances { get; init; }
}

/// <summary>What went wrong on the way, counted at the evaluations; the spikes themselves are in <c>spikes.parquet</c>.</summary>
/// <param name="Spikes">Spikes of the training loss.</param>
/// <param name="SpikesAfterMemorising">Those that opened at the first step with 95 % training accuracy or later.</param>
/// <param name="Slingshots">Those in which the test loss rose too.</param>
/// <param name="Collapses">How often what was grokked was lost.</param>
/// <param name="CollapsedStep">When the first collapse began; null where there was none.</param>
/// <param name="RecoveredStep">From when 95 % test accuracy was sustained again after it.</param>
internal sealed record Disturbances(int Spikes, int SpikesAfterMemorising, int Slingshots, int Collapses, long? CollapsedStep, long? RecoveredStep)
{
    /// <summary>Counts them.</summary>
    public static Disturbances Of(SpikeDetector spikes, Milestones milestones, Collapse collapse) => new(
        spikes.Spikes.Length,
        milestones.Memorised.First is { } memorised ? spikes.CountFrom(memorised) : 0,
        spikes.Spikes.Count(spike => spike.IsSlingshotLike),
        collapse.Count,
        collapse.First,
        collapse.Recovered);
}
