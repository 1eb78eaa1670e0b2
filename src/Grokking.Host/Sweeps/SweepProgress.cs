using Grokking.Host.Runs;

namespace Grokking.Host.Sweeps;

/// <summary>
/// How far a sweep is, how fast it goes and how long it will take, by the files of its runs alone: whoever trains it, and wherever. What a run is worth is counted in operations, so
/// that a large network's step counts for more than a small one's.
/// </summary>
/// <param name="Share">What is done of all that is to be done at most, in [0, 1].</param>
/// <param name="Running">Runs that are trained now.</param>
/// <param name="StepsPerSecond">Steps of all of them together; null where none is trained, or none has written a checkpoint.</param>
/// <param name="SecondsLeft">How long the rest takes at most if as many go on as fast; null where that is unknown.</param>
internal sealed record SweepProgress(double Share, int Running, double? StepsPerSecond, double? SecondsLeft)
{
    /// <summary>Adds up what the records say.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="standing">How its runs stand.</param>
    public static SweepProgress Of(SweepPlan plan, SweepStanding standing)
    {
        if (standing.Runs.All(run => run.Status == RunStatus.Completed))
            return new(1, 0, null, 0);
        RunCosts costs = plan.Costs;
        Dictionary<string, RunCost> costOf = plan.Runs.ToDictionary(pair => pair.Run.Run, pair => costs.Of(pair.Point));
        double whole = costOf.Values.Sum(cost => cost.Whole), left = 0;
        var here = new Speed();
        var everywhere = new Speed();
        int running = 0;
        foreach (RunStanding run in standing.Runs)
        {
            RunCost cost = costOf[run.Run.Run];
            long step = run.Record?.Step ?? 0;
            double done = cost.Whole - cost.After(step);
            double seconds = run.Record?.ElapsedSeconds ?? 0;
            if (run.Status != RunStatus.Completed)
                left += cost.Whole - done;
            everywhere.Note(done, step, seconds);
            if (run.Status is not (RunStatus.Running or RunStatus.Pausing))
                continue;
            running++;
            here.Note(done, step, seconds);
        }

        // A run that has just begun has no checkpoint to judge it by; it goes as fast as the others.
        Speed known = here.Runs > 0 ? here : everywhere;
        double operations = known.Operations * running;
        return new(
            whole > 0 ? Math.Clamp(1 - (left / whole), 0, 1) : 0,
            running,
            running > 0 && known.Runs > 0 ? known.Steps * running : null,
            operations > 0 ? left / operations : null);
    }

    // Means over runs of what each does in a second.
    private sealed class Speed
    {
        private double operations;
        private double steps;

        public int Runs { get; private set; }

        public double Operations => operations / Math.Max(1, Runs);

        public double Steps => steps / Math.Max(1, Runs);

        public void Note(double done, long taken, double seconds)
        {
            if (taken <= 0 || seconds <= 0)
                return;
            Runs++;
            operations += done / seconds;
            steps += taken / seconds;
        }
    }
}
