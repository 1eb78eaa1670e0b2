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

    /// <summary>One JSON object in one line.</summary>
    public static string Json(RunEntry entry) => JsonSerializer.Serialize(RunView.Of(entry), RunView.Format);

    private static string Step(long? step) => step is { } reached ? Number(reached) : "not reached";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Score(double loss, double accuracy) =>
        $"loss {loss.ToString("g4", CultureInfo.InvariantCulture)}, accuracy {Percent(accuracy)}";

    private static string Marks(Crossing usual, Crossing strict) => $"{Step(usual.First)} (95 %), {Step(strict.First)} (99 %)";

    private static string Percent(double share) => $"{(100 * share).ToString("0.0#", CultureInfo.InvariantCulture)} %";
}
