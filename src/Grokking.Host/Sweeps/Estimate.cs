using System.Globalization;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Host.Sweeps;

/// <summary>How long a sweep will take at most, guessed before it begins from two seconds of real training, one of them without evaluations, and the operations of every run.</summary>
/// <param name="Runs">Runs that are still to be trained.</param>
/// <param name="Steps">Their steps at most.</param>
/// <param name="Seconds">How long they take on this machine if none stops early; null where nothing was measured.</param>
/// <param name="Threads">Threads of the engine.</param>
internal sealed record Estimate(int Runs, long Steps, double? Seconds, int Threads)
{
    // Long enough for a steady rate, short enough to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A step with more operations than this could by itself outlast the patience.
    private const double LargestStep = 5e9;

    /// <summary>The estimate in a sentence.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture, $"{Runs:N0} {(Runs == 1 ? "run" : "runs")}, at most {Steps:N0} steps{Time}.");

    /// <summary>Estimates what is still to be done.</summary>
    /// <param name="left">Runs that are not completed, and the steps that they have behind them.</param>
    /// <param name="costs">What they cost.</param>
    /// <param name="threads">Threads of the engine.</param>
    /// <param name="measured">Whether to train for a moment to learn this machine's speed; nothing of it is kept.</param>
    /// <param name="stop">Ends the training for a moment; then nothing is known of this machine's speed.</param>
    public static Estimate Of(IReadOnlyList<(SweepPoint Point, PlannedRun Run, long Step)> left, RunCosts costs, int threads, bool measured, CancellationToken stop)
    {
        long steps = left.Sum(run => costs.Of(run.Point).StepsAfter(run.Step));
        if (left.Count == 0 || !measured)
            return new(left.Count, steps, left.Count == 0 ? 0 : null, threads);

        // The costliest run that can be tried in a moment speaks for all; where none can, the one with the shortest step.
        (RunCost Cost, SweepPoint Point, PlannedRun Run, long Step)[] all = [.. left.Select(each => (costs.Of(each.Point), each.Point, each.Run, each.Step))];
        (RunCost cost, SweepPoint point, PlannedRun run, _) = all
            .OrderBy(each => each.Cost.PerStep > LargestStep)
            .ThenByDescending(each => each.Cost.PerStep > LargestStep ? -each.Cost.PerStep : each.Cost.Whole)
            .First();
        if (Measure(point, run, stop) is not { } speed || stop.IsCancellationRequested)
            return new(left.Count, steps, null, threads);
        double[] seconds =
        [
            .. all.Select(each => speed.Beginning
                + (each.Cost.StepsAfter(each.Step) * speed.Step * each.Cost.PerStep / cost.PerStep)
                + (each.Cost.EvaluationsAfter(each.Step) * speed.Evaluation * Math.Max(1, each.Cost.PerEvaluation) / Math.Max(1, cost.PerEvaluation))),
        ];
        // Not below the longest run on its own, however many threads there are.
        int together = Math.Min(threads, left.Count);
        return new(left.Count, steps, Math.Max(seconds.Sum() / threads, seconds.Max() * together / threads), threads);
    }

    private string Time => Seconds is { } seconds && Runs > 0
        ? $": at most about {Words(seconds)} on {Threads} {(Threads == 1 ? "thread" : "threads")}, by two seconds' measurement; runs that stop early need less"
        : "";

    /// <summary>A time in words.</summary>
    internal static string Words(double seconds) => seconds switch
    {
        < 1.5 => "a second",
        < 99.5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} seconds"),
        < 99.5 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} minutes"),
        < 72 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:N1} days"),
    };

    // A real sitting in a folder that goes away: files, measures and evaluations cost what they will cost. The first, which only begins, warms up; the second
    // evaluates after each step, the third never, so that what a step costs and what an evaluation costs can be told apart.
    private static (double Beginning, double Step, double Evaluation)? Measure(SweepPoint point, PlannedRun run, CancellationToken stop)
    {
        if (point.Experiment(run) is not Result<Experiment>.Success { Value: var experiment })
            return null;
        try
        {
            string folder = Directory.CreateTempSubdirectory("grokking-measure-").FullName;
            try
            {
                (double Beginning, double PerStep)? Evaluating(long every, TimeSpan patience) => Sit(experiment with { Evaluation = new(every, null) }, Path.Combine(folder, $"{every} {patience.Ticks}"), patience, stop);
                return Evaluating(1, TimeSpan.Zero) is not null && Evaluating(1, Patience) is { } always && Evaluating(experiment.Budget.Steps, Patience) is { } never
                    ? (never.Beginning, never.PerStep, Math.Max(0, always.PerStep - never.PerStep))
                    : null;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No place for temporary files is no reason not to train.
            return null;
        }
    }

    private static (double Beginning, double PerStep)? Sit(Experiment experiment, string folder, TimeSpan patience, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = new Stopwatch(patience, enough);
        Result<RunRecord> result = new Sitting(experiment, new RunDirectory(folder), 1, TimeProvider.System, watch).Run(enough.Token);
        return result is Result<RunRecord>.Success { Value.Failure: null } ? (watch.Beginning, watch.PerStep) : null;
    }

    // The beginning ends with the first steps, for before them the network is evaluated once, with programs that are made for it.
    private sealed class Stopwatch(TimeSpan patience, CancellationTokenSource stop) : IRunObserver
    {
        private readonly long start = System.Diagnostics.Stopwatch.GetTimestamp();
        private (double Seconds, long Step)? first;
        private (double Seconds, long Step) last;

        public double Beginning => first?.Seconds ?? 0;

        public double PerStep => first is { } from && last.Step > from.Step
            ? (last.Seconds - from.Seconds) / (last.Step - from.Step)
            : last.Seconds / Math.Max(1, last.Step);

        public void Started(RunDirectory directory, long step)
        {
        }

        public void Progressed(RunProgress progress)
        {
            last = (System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, progress.Step);
            first ??= last;
            if (last.Seconds - first.Value.Seconds >= patience.TotalSeconds)
                stop.Cancel();
        }

        public void Warned(string sentence)
        {
        }

        public void Ended(RunRecord record)
        {
        }
    }
}
