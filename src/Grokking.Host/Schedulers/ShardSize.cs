namespace Grokking.Host.Schedulers;

/// <summary>
/// Into how many shards a sweep is divided: into as many as hold five minutes of work each, so that what a scheduler, a start and the compiling of the first run cost, three seconds or so,
/// stays at a hundredth of it.
/// </summary>
internal static class ShardSize
{
    /// <summary>Seconds of work that a shard holds at least.</summary>
    public const double LeastSeconds = 300;

    // The work is measured for two seconds on one machine and trained on others.
    private const double Margin = 1.25;

    /// <summary>How many shards there should be.</summary>
    /// <param name="seconds">What is left to train, in seconds on one thread.</param>
    /// <param name="runs">How many runs that is.</param>
    /// <param name="processors">Processors of a shard.</param>
    /// <param name="most">The most shards that the scheduler takes.</param>
    /// <returns>At least one.</returns>
    public static int Of(double seconds, int runs, int processors, int most)
    {
        double byWork = seconds / processors / (LeastSeconds * Margin);
        // No shard without a run for each of its processors.
        return (int)Math.Clamp(Math.Floor(Math.Min(byWork, runs / (double)processors)), 1, most);
    }
}
