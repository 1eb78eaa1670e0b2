using System.Globalization;
using System.Text.Json;
using Grokking.Host.Runs;
using Grokking.Measures;

namespace Grokking.Host.Output;

/// <summary>A run as people and as programs read it.</summary>
internal static class RunReport
{
    /// <summary>Name and value of everything worth a line.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(RunEntry entry)
    {
        RunRecord record = entry.Record;
        yield return ["experiment", record.Experiment];
        yield return ["status", record.StopReason is { } reason ? $"{record.Status.Name()} ({reason})" : record.Status.Name()];
        yield return ["steps", $"{record.Step} of {record.Budget}"];
        yield return ["seed", Number(record.Seed)];
        if (record.Outcome is { } outcome)
        {
            yield return ["train", Score(outcome.TrainLoss, outcome.TrainAccuracy)];
            yield return ["test", Score(outcome.TestLoss, outcome.TestAccuracy)];
            yield return ["memorised at step", Marks(outcome.Milestones.Memorised, outcome.Milestones.MemorisedStrictly)];
            yield return ["grokked at step", Marks(outcome.Milestones.Grokked, outcome.Milestones.GrokkedStrictly)];
            yield return ["speed", $"{outcome.StepsPerSecond.ToString("0.#", CultureInfo.InvariantCulture)} steps/s"];
        }

        if (record.Resumes > 0)
            yield return ["resumed", record.Resumes == 1 ? "once" : $"{record.Resumes} times"];
        yield return ["files", entry.Directory.Path];
    }

    /// <summary>One JSON object in one line; what is not known, or not a finite number, is null.</summary>
    public static string Json(RunEntry entry) => JsonLine.Write(json => WriteMembers(json, entry));

    /// <summary>Writes the members of that object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, RunEntry entry)
    {
        RunRecord record = entry.Record;
        RunOutcome? outcome = record.Outcome;
        Milestones? milestones = outcome?.Milestones;
        string checkpoint = entry.Directory.Checkpoint(record.Step);
        json.WriteString("run", record.Run);
        json.WriteString("experiment", record.Experiment);
        json.WriteString("status", record.Status.Name());
        json.WriteString("stop_reason", record.StopReason);
        json.WriteNumber("steps", record.Step);
        json.WriteNumber("seed", record.Seed);
        WriteReal(json, "train_loss", outcome?.TrainLoss);
        WriteReal(json, "train_accuracy", outcome?.TrainAccuracy);
        WriteReal(json, "test_loss", outcome?.TestLoss);
        WriteReal(json, "test_accuracy", outcome?.TestAccuracy);
        WriteStep(json, "memorised_step", milestones?.Memorised.First);
        WriteStep(json, "memorised_step_sustained", milestones?.Memorised.Sustained);
        WriteStep(json, "memorised_step_99", milestones?.MemorisedStrictly.First);
        WriteStep(json, "memorised_step_99_sustained", milestones?.MemorisedStrictly.Sustained);
        WriteStep(json, "grokked_step", milestones?.Grokked.First);
        WriteStep(json, "grokked_step_sustained", milestones?.Grokked.Sustained);
        WriteStep(json, "grokked_step_99", milestones?.GrokkedStrictly.First);
        WriteStep(json, "grokked_step_99_sustained", milestones?.GrokkedStrictly.Sustained);
        WriteReal(json, "steps_per_second", outcome?.StepsPerSecond);
        json.WriteString("directory", entry.Directory.Path);
        json.WriteString("metrics", File.Exists(entry.Directory.Metrics) ? entry.Directory.Metrics : null);
        json.WriteString("checkpoint", File.Exists(checkpoint) ? checkpoint : null);
    }

    private static string Step(long? step) => step is { } reached ? Number(reached) : "not reached";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Score(double loss, double accuracy) =>
        $"loss {loss.ToString("g4", CultureInfo.InvariantCulture)}, accuracy {Percent(accuracy)}";

    private static string Marks(Crossing usual, Crossing strict) => $"{Step(usual.First)} (95 %), {Step(strict.First)} (99 %)";

    private static string Percent(double share) => $"{(100 * share).ToString("0.0#", CultureInfo.InvariantCulture)} %";

    private static void WriteStep(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } step)
            json.WriteNumber(name, step);
        else
            json.WriteNull(name);
    }

    private static void WriteReal(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } real && double.IsFinite(real))
            json.WriteNumber(name, real);
        else
            json.WriteNull(name);
    }
}
