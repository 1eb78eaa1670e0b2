using System.Text.Json;
using Grokking.Host.Files;

namespace Grokking.Host.Runs;

/// <summary>
/// What a sweep wants to know of a run: the part of <see cref="RunRecord"/> that its tables and its progress are made of. Of ten thousand runs this much is read
/// in a small part of the time that the whole takes, and of the memory.
/// </summary>
/// <param name="Status">How the run stood when this was written.</param>
/// <param name="StopReason">Why training ended; null while it has not.</param>
/// <param name="Failure">The sentence about a failure; null where there is none.</param>
/// <param name="Step">Steps taken, as of the newest checkpoint.</param>
/// <param name="ElapsedSeconds">Seconds spent training, as of the newest checkpoint.</param>
/// <param name="Outcome">What was reached at the last evaluation; null before the first.</param>
/// <param name="Environment">What trained it last.</param>
internal sealed record RunGlance(
    RunStatus Status, string? StopReason, string? Failure, long Step, double ElapsedSeconds, RunGlance.Reached? Outcome, RunGlance.Origin Environment)
{
    private static readonly string[] States = [.. Enum.GetValues<RunStatus>().Select(status => status.Name())];

    /// <summary>Looks at the record of a run.</summary>
    /// <returns>What it says, or the sentence that says why it says nothing.</returns>
    public static Result<RunGlance> Read(RunDirectory directory) => RunRecord.Read(directory, text =>
    {
        var json = new JsonWalk(text);
        (string, RunGlance) read = Of(ref json);
        json.End();
        return read;
    });

    private static (string Schema, RunGlance Glance) Of(ref JsonWalk json)
    {
        string? schema = null, status = null, stopReason = null, failure = null;
        (long? step, double? seconds) = (null, null);
        Reached? outcome = null;
        Origin? environment = null;
        for (json.Begin(); json.Next();)
        {
            if (json.Is("schema"u8))
                schema = json.Text();
            else if (json.Is("status"u8))
                status = json.Text();
            else if (json.Is("stop_reason"u8))
                stopReason = json.Text();
            else if (json.Is("failure"u8))
                failure = json.Text();
            else if (json.Is("step"u8))
                step = json.Whole();
            else if (json.Is("elapsed_seconds"u8))
                seconds = json.Number();
            else if (json.Is("outcome"u8))
                outcome = json.IsNull() ? null : Reached.Of(ref json);
            else if (json.Is("environment"u8))
                environment = Origin.Of(ref json);
        }

        int state = Array.IndexOf(States, status);
        return state >= 0 && schema is not null && step is { } taken && seconds is { } elapsed && environment is not null
            ? (schema, new((RunStatus)state, stopReason, failure, taken, elapsed, outcome, environment))
            : throw new JsonException();
    }

    /// <summary>What was reached at an evaluation (see <see cref="RunOutcome"/>).</summary>
    internal sealed record Reached(double? TrainLoss, double? TrainAccuracy, double? TestLoss, double? TestAccuracy, Marks Milestones, Trouble? Disturbances)
    {
        internal static Reached Of(ref JsonWalk json)
        {
            (double? trainLoss, double? trainAccuracy, double? testLoss, double? testAccuracy) = (null, null, null, null);
            Marks? milestones = null;
            Trouble? disturbances = null;
            for (json.Begin(); json.Next();)
            {
                if (json.Is("train_loss"u8))
                    trainLoss = json.Number();
                else if (json.Is("train_accuracy"u8))
                    trainAccuracy = json.Number();
                else if (json.Is("test_loss"u8))
                    testLoss = json.Number();
                else if (json.Is("test_accuracy"u8))
                    testAccuracy = json.Number();
                else if (json.Is("milestones"u8))
                    milestones = Marks.Of(ref json);
                else if (json.Is("disturbances"u8))
                    disturbances = json.IsNull() ? null : Trouble.Of(ref json);
            }

            return new(trainLoss, trainAccuracy, testLoss, testAccuracy, milestones ?? throw new JsonException(), disturbances);
        }
    }

    /// <summary>When accuracies passed their marks (see <see cref="Measures.Milestones"/>).</summary>
    internal sealed record Marks(Mark Memorised, Mark MemorisedStrictly, Mark Grokked, Mark GrokkedStrictly, long? Delay, double? DelayRatio, double? DelayRatioStrictly)
    {
        internal static Marks Of(ref JsonWalk json)
        {
            Mark memorised = default, memorisedStrictly = default, grokked = default, grokkedStrictly = default;
            (long? delay, double? ratio, double? strictly) = (null, null, null);
            for (json.Begin(); json.Next();)
            {
                if (json.Is("memorised"u8))
                    memorised = Mark.Of(ref json);
                else if (json.Is("memorised_strictly"u8))
                    memorisedStrictly = Mark.Of(ref json);
                else if (json.Is("grokked"u8))
                    grokked = Mark.Of(ref json);
                else if (json.Is("grokked_strictly"u8))
                    grokkedStrictly = Mark.Of(ref json);
                else if (json.Is("delay"u8))
                    delay = json.Whole();
                else if (json.Is("delay_ratio"u8))
                    ratio = json.Number();
                else if (json.Is("delay_ratio_strictly"u8))
                    strictly = json.Number();
            }

            return new(memorised, memorisedStrictly, grokked, grokkedStrictly, delay, ratio, strictly);
        }
    }

    /// <summary>The first step above a mark, and the one from which it was above for good (see <see cref="Measures.Crossing"/>).</summary>
    internal readonly record struct Mark(long? First, long? Sustained)
    {
        internal static Mark Of(ref JsonWalk json)
        {
            (long? first, long? sustained) = (null, null);
            for (json.Begin(); json.Next();)
            {
                if (json.Is("first"u8))
                    first = json.Whole();
                else if (json.Is("sustained"u8))
                    sustained = json.Whole();
            }

            return new(first, sustained);
        }
    }

    /// <summary>Spikes and collapses (see <see cref="Disturbances"/>).</summary>
    internal sealed record Trouble(long? SpikesAfterMemorising, long? Slingshots, long? CollapsedStep)
    {
        internal static Trouble Of(ref JsonWalk json)
        {
            (long? spikes, long? slingshots, long? collapsed) = (null, null, null);
            for (json.Begin(); json.Next();)
            {
                if (json.Is("spikes_after_memorising"u8))
                    spikes = json.Whole();
                else if (json.Is("slingshots"u8))
                    slingshots = json.Whole();
                else if (json.Is("collapsed_step"u8))
                    collapsed = json.Whole();
            }

            return new(spikes, slingshots, collapsed);
        }
    }

    /// <summary>What a run was trained by (see <see cref="RunEnvironment"/>).</summary>
    internal sealed record Origin(string NumericsProfile, string Version, string? Commit)
    {
        internal static Origin Of(ref JsonWalk json)
        {
            string? profile = null, version = null, commit = null;
            for (json.Begin(); json.Next();)
            {
                if (json.Is("numerics_profile"u8))
                    profile = json.Text();
                else if (json.Is("version"u8))
                    version = json.Text();
                else if (json.Is("commit"u8))
                    commit = json.Text();
            }

            return new(profile ?? throw new JsonException(), version ?? throw new JsonException(), commit);
        }
    }
}
