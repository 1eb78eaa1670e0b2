using System.Globalization;
using System.Text;
using System.Text.Json;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;

namespace Grokking.Service.Training;

/// <summary>Resuming is exact: whatever interrupts a run, and however often, its files end up the same.</summary>
public class InterruptionTests
{
    private const int Cases = 50;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, Cases)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_interrupted_at_random_steps_equals_the_uninterrupted_one(int seed)
    {
        using var folder = new Folder();
        var random = new Random(seed);
        Experiment experiment = RandomExperiment(random);
        var whole = new RunDirectory(folder.File("whole"));
        var pieces = new RunDirectory(folder.File("pieces"));

        Assert.Equal(RunStatus.Completed, Sit(experiment, whole, threads: 1, interruptAt: null));
        long last = RunRecord.Read(whole).OrThrow().Step;
        int interruptions = 0;
        while (Sit(experiment, pieces, threads: 1 + random.Next(3), interruptAt: NextStep(random, pieces, last)) == RunStatus.Interrupted)
            interruptions++;

        Assert.InRange(interruptions, 1, int.MaxValue);
        RunFiles.AssertAlike(whole, pieces);
        Assert.Equal(interruptions, RunRecord.Read(pieces).OrThrow().Resumes);
    }

    /// <summary>What has left the finite numbers is the same however it was interrupted: such a run would show little.</summary>
    [Fact]
    public void Most_of_these_runs_learn_and_stay_finite()
    {
        using var folder = new Folder();
        const int Tried = Cases / 2;
        string[] idle =
        [
            .. Enumerable.Range(0, Tried).Select(seed =>
            {
                var directory = new RunDirectory(folder.File($"{seed}"));
                Experiment experiment = RandomExperiment(new Random(seed));
                Sit(experiment, directory, threads: 1, interruptAt: null);
                double[] losses = RunFiles.Column(directory, "train_loss");
                return losses.All(double.IsFinite) && losses[^1] < losses[0] ? "" : $"{seed}: {losses[0]} to {losses[^1]}, {CanonicalForm.Write(experiment)}";
            }).Where(reason => reason.Length > 0),
        ];
        Assert.True(idle.Length <= Tried / 5, string.Join(Environment.NewLine, idle));
    }

    [Fact]
    public void A_cancellation_before_the_first_step_leaves_a_run_that_can_be_resumed()
    {
        using var folder = new Folder();
        Experiment experiment = RandomExperiment(new Random(1));
        var directory = new RunDirectory(folder.File("run"));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        RunRecord first = new Sitting(experiment, directory, 1, TimeProvider.System, new Silence(_ => { })).Run(stopped.Token).OrThrow();

        Assert.Equal((RunStatus.Interrupted, 0), (first.Status, first.Step));
        Assert.Equal(RunStatus.Completed, Sit(experiment, directory, 1, null));
    }

    [Fact]
    public void Evaluated_steps_are_those_of_the_schedule_and_the_first_and_the_last()
    {
        using var folder = new Folder();
        Experiment experiment = ConfigurationText.Read("""
            { "name": "schedule", "task": { "operation": "x + y", "modulus": 5 }, "split": { "trainFraction": 0.5 }, "network": { "kind": "quadratic", "width": 4 },
              "optimiser": { "kind": "gradientDescent", "learningRate": 1 }, "budget": { "steps": 25 }, "evaluation": { "every": 10 } }
            """).Experiment!;
        var directory = new RunDirectory(folder.File("run"));

        Sit(experiment, directory, 1, null);

        Assert.Equal([0, 10, 20, 25], RunFiles.Steps(directory));
    }

    internal static RunStatus Sit(Experiment experiment, RunDirectory directory, int threads, long? interruptAt)
    {
        using var stop = new CancellationTokenSource();
        var observer = new Silence(progress =>
        {
            if (progress.Step >= interruptAt)
                stop.Cancel();
        });
        RunRecord record = new Sitting(experiment, directory, threads, new SlowClock(), observer).Run(stop.Token).OrThrow();
        Assert.Null(record.Failure);
        return record.Status;
    }

    /// <summary>Small but of every kind, so that each network, optimiser, batch, schedule and precision is interrupted sooner or later.</summary>
    internal static Experiment RandomExperiment(Random random)
    {
        // Settings that do not fit together, such as an activation and a degree, are drawn again.
        while (true)
        {
            if (ConfigurationText.Read(RandomText(random)).Experiment is { } experiment)
                return experiment;
        }
    }

    private static string RandomText(Random random)
    {
        int p = new[] { 5, 7, 11, 13 }[random.Next(4)];
        var network = Declared.Draw<INetwork>(random, ("Modulus", p), ("Operands", 2));
        ArithmeticTask task = ArithmeticTask.Parse("x + y", new Modulus(p)).OrThrow();
        // Explanations ask large networks often; one in eight is enough to meet each.
        string[] measures = [.. MeasureNames.All.Where(name => random.Next(Explanations.Keywords.Contains(name) ? 8 : 2) == 0 && MeasureNames.Apply(name, network, task))];
        Optimiser optimiser;
        string filters = string.Join(", ", Filters.Draw(random).Select(Json));
        string weights = random.Next(4) == 0 ? string.Create(CultureInfo.InvariantCulture, $$"""{ "initialScale": {{1 + (0.3 * random.NextDouble())}}{{(random.Next(2) == 0 ? ", \"norm\": 9" : "")}} }""") : "{}";
        string evaluation = random.Next(2) == 0 ? $$"""{ "every": {{random.Next(1, 8)}} }""" : $$"""{ "perDecade": {{random.Next(3, 30)}} }""";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "name": "interrupted", "task": { "operation": "x + y", "modulus": {{p}} },
              "labelCorruption": { "fraction": {{random.Next(2) * 0.2}}, "scope": "train" },
              "network": {{Json(network)}},
              "loss": "{{new[] { "crossEntropy", "stableMaxCrossEntropy", "meanSquaredError", "meanSquaredError", "meanSquaredError" }[random.Next(5)]}}",
              "optimiser": {{Json(optimiser = Declared.Draw<Optimiser>(random))}}, "gradient": [{{filters}}], "weights": {{weights}},
              "schedule": { "warmupSteps": {{random.Next(1, 5)}}, "warmupFrom": {{random.Next(2)}}, "annealing": "{{new[] { "none", "linear", "cosine" }[random.Next(3)]}}" },
              "batch": {{(random.Next(2) == 0 ? "\"full\"" : random.Next(1, (int)(0.6 * p * p)).ToString(CultureInfo.InvariantCulture))}},
              "budget": { "steps": {{random.Next(20, 60)}} }, "evaluation": {{evaluation}},
              "checkpoint": { "everySteps": {{random.Next(5, 25)}} },
              "measures": {{JsonSerializer.Serialize(measures)}},
              "precision": "{{(random.Next(3) == 0 ? "double" : "single")}}", "seed": {{random.Next(1000)}}{{(optimiser is not AdaptiveMoments && random.Next(4) == 0 ? $", \"outputScale\": {Math.Pow(2, random.Next(0, 4))}" : "")}},
              "split": { "trainFraction": 0.6{{(random.Next(3) == 0 ? $", \"later\": {{ \"fromStep\": {random.Next(1, 20)}, \"trainFraction\": {(random.Next(2) == 0 ? "0.5" : "0.7")} }}" : "")}} }
            }
            """);
    }

    private static string Json<T>(T of)
        where T : class
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            Kinds<T>.Write(json, of);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static long NextStep(Random random, RunDirectory directory, long last)
    {
        long step = directory.Exists ? RunRecord.Read(directory).OrThrow().Step : 0;
        return step + 1 + random.NextInt64(Math.Max(1, (last - step) * 2 / 3));
    }
}

/// <summary>A clock by which every step takes so long that the program looks up after each, and can be interrupted at each.</summary>
internal sealed class SlowClock : TimeProvider
{
    private long seconds;

    public override long GetTimestamp() => Interlocked.Increment(ref seconds);

    public override long TimestampFrequency => 1;
}

/// <summary>Listens to a sitting's progress only.</summary>
internal sealed class Silence(Action<RunProgress> progressed) : IRunObserver
{
    public List<string> Warnings { get; } = [];

    public void Started(RunDirectory directory, long step)
    {
    }

    public void Progressed(RunProgress progress) => progressed(progress);

    public void Warned(string sentence) => Warnings.Add(sentence);

    public void Ended(RunRecord record)
    {
    }
}
