using System.Text.Json;
using System.Text.Json.Serialization;
using Grokking.Host.Checkpoints;
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

    /// <summary>Steps of the budget.</summary>
    public required long Budget { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>How often the run was taken up again.</summary>
    public required int Resumes { get; init; }

    /// <summary>Seconds spent training, over all sittings, as of the newest checkpoint.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Created { get; init; }

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
    public static Result<RunRecord> Read(RunDirectory directory)
    {
        try
        {
            RunRecord? record = JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(directory.Record), Format);
            return record is not { Run: not null, Experiment: not null, Environment: not null } ? Damaged(directory)
                : record.Schema != CurrentSchema ? Result.Failure<RunRecord>(
                    $"The file {directory.Record} has the form '{record.Schema}'; this program reads '{CurrentSchema}'.")
                : Result.Success(record);
        }
        catch (JsonException)
        {
            return Damaged(directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result.Failure<RunRecord>($"The file {directory.Record} cannot be read: {fault.Message}");
        }
    }

    private static Result<RunRecord> Damaged(RunDirectory directory) => Result.Failure<RunRecord>(
        $"The file {directory.Record} is damaged and says no longer what the run is; restore it, or delete {directory.Path} to train the run anew.");

    /// <summary>Publishes the record: readers see the old one or this one, never a mixture.</summary>
    public void Write(RunDirectory directory) => DurableFile.WriteText(directory.Record, JsonSerializer.Serialize(this, Format));
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
    double StepsPerSecond);
