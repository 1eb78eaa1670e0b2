namespace Grokking.Host.Configuration;

/// <summary>
/// At which steps the network is evaluated: by the same distance, evenly on a logarithmic axis, or both. Step 0 and the last step always are.
/// </summary>
/// <param name="Every">Steps between two evaluations, at least 1; null for no such rule.</param>
/// <param name="PerDecade">
/// n, at least 1: evaluations at the distinct values of 10^(k/n), rounded, for k = 0, 1, …; null for no such rule. One of the two is given.
/// </param>
internal sealed record EvaluationSchedule(long? Every, int? PerDecade)
{
    /// <summary>The first scheduled step after another.</summary>
    public long NextAfter(long step) => Math.Min(
        Every is { } steps ? (step / steps * steps) + steps : long.MaxValue,
        PerDecade is { } count ? NextPoint(step, count) : long.MaxValue);

    /// <summary>Whether a step is on the schedule.</summary>
    public bool Includes(long step) => step == 0 || NextAfter(step - 1) == step;

    /// <summary>About how many evaluations so many steps have; those that both rules ask for count twice.</summary>
    public double Count(long steps) => (Every is { } distance ? steps / (double)distance : 0)
        + (PerDecade is { } count ? Math.Min(steps, count * Math.Log10(Math.Max(10, steps))) : 0);

    private static long NextPoint(long step, int count)
    {
        if (step < 1)
            return 1;
        long Point(long k) => (long)Math.Round(Math.Pow(10, (double)k / count));
        // One point early, so that rounding can only cost a look at a point that is already past.
        long k = Math.Max(0, (long)Math.Floor(count * Math.Log10(step)) - 1);
        while (Point(k) <= step)
            k++;
        return Point(k);
    }
}
