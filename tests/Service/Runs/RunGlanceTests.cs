using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Grokking.Host.Runs;
using Grokking.Measures;

namespace Grokking.Service.Runs;

/// <summary>A glance says what the whole record says, and refuses what it refuses.</summary>
public sealed class RunGlanceTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Property(MaxTest = 200)]
    public void A_glance_says_what_the_record_says(byte state, string? reason, string? failure, long step, double seconds, double loss, double accuracy, long? first, long? sustained, bool reached, bool disturbed)
    {
        RunStatus[] states = Enum.GetValues<RunStatus>();
        Milestones milestones = new()
        {
            Memorised = new(Milestones.Level) { First = first, Sustained = sustained },
            MemorisedStrictly = new(Milestones.StrictLevel) { First = sustained },
            Grokked = new(Milestones.Level) { First = step, Sustained = first },
            GrokkedStrictly = new(Milestones.StrictLevel) { Sustained = step },
        };
        RunRecord record = Record() with
        {
            Status = states[state % states.Length],
            StopReason = reason,
            Failure = failure,
            Step = step,
            ElapsedSeconds = Math.Abs(seconds),
            Outcome = reached
                ? new(step, loss, accuracy, -loss, double.NaN, milestones, seconds) { Disturbances = disturbed ? new(7, 5, 3, 2, first, sustained) : null }
                : null,
        };
        RunDirectory directory = Written(record);
        RunRecord whole = RunRecord.Read(directory).OrThrow();
        RunGlance glance = RunGlance.Read(directory).OrThrow();
        Assert.Equal((whole.Status, whole.StopReason, whole.Failure, whole.Step, whole.ElapsedSeconds), (glance.Status, glance.StopReason, glance.Failure, glance.Step, glance.ElapsedSeconds));
        Assert.Equal(new RunGlance.Origin(whole.Environment.NumericsProfile, whole.Environment.Version, whole.Environment.Commit), glance.Environment);
        Assert.Equal(reached, glance.Outcome is not null);
        if (whole.Outcome is not { } outcome)
            return;
        Milestones known = outcome.Milestones;
        static RunGlance.Mark Mark(Crossing crossing) => new(crossing.First, crossing.Sustained);
        Assert.Equal(
            new RunGlance.Reached(
                outcome.TrainLoss,
                outcome.TrainAccuracy,
                outcome.TestLoss,
                outcome.TestAccuracy,
                new(Mark(known.Memorised), Mark(known.MemorisedStrictly), Mark(known.Grokked), Mark(known.GrokkedStrictly), known.Delay, known.DelayRatio, known.DelayRatioStrictly),
                outcome.Disturbances is { } trouble ? new(trouble.SpikesAfterMemorising, trouble.Slingshots, trouble.CollapsedStep) : null),
            glance.Outcome);
    }

    [Fact]
    public void What_is_no_whole_record_is_refused_in_the_words_of_the_record()
    {
        RunDirectory directory = Written(Record() with { Outcome = new(3, 1, 0.5, 1, 0.5, Milestones.None, 9) });
        byte[] text = File.ReadAllBytes(directory.Record);
        for (int length = 0; length < text.Length - 1; length += 1 + (length % 3))
        {
            File.WriteAllBytes(directory.Record, text[..length]);
            Assert.Equal(Refusal(RunRecord.Read(directory)), Refusal(RunGlance.Read(directory)));
        }

        string whole = Encoding.UTF8.GetString(text);
        foreach (string damaged in new[] { whole + "}", whole.Replace("\"step\": 0", "\"step\": \"0\"", StringComparison.Ordinal), whole.Replace("\"queued\"", "\"asleep\"", StringComparison.Ordinal), "[]", "null", whole.Replace("grokking.run/1", "grokking.run/2", StringComparison.Ordinal) })
        {
            File.WriteAllText(directory.Record, damaged);
            Assert.Equal(Refusal(RunRecord.Read(directory)), Refusal(RunGlance.Read(directory)));
        }

        // Bytes that are no text.
        File.WriteAllBytes(directory.Record, [.. text.Select(each => each == (byte)'q' ? (byte)0xff : each)]);
        Assert.Contains("is damaged", Refusal(RunGlance.Read(directory)), StringComparison.Ordinal);
        File.Delete(directory.Record);
        Assert.Equal(Refusal(RunRecord.Read(directory)), Refusal(RunGlance.Read(directory)));
    }

    private static string Refusal<T>(Result<T> result) => result.Match(value => throw new InvalidOperationException($"{value} was read."), reason => reason);

    private RunDirectory Written(RunRecord record)
    {
        var directory = new RunDirectory(folder.File("run"));
        Directory.CreateDirectory(directory.Path);
        record.Write(directory);
        return directory;
    }

    private static RunRecord Record() => new()
    {
        Run = "run",
        Experiment = "experiment",
        Status = RunStatus.Queued,
        Step = 0,
        Budget = 10,
        Seed = 1,
        Resumes = 0,
        ElapsedSeconds = 0,
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Configuration = JsonDocument.Parse("""{"name":"experiment","list":[1,{"step":[]}],"nothing":null}""").RootElement,
        Environment = RunEnvironment.Current("profile", 1),
    };
}
