namespace Grokking.Measures;

/// <summary>When training has failed beyond repair.</summary>
public static class Divergence
{
    /// <summary>A loss this many times the first one counts as diverged.</summary>
    public const double Factor = 1e3;

    /// <summary>Whether a loss is not finite, or more than <see cref="Factor"/> times the one at the start.</summary>
    public static bool IsReached(double initialLoss, double loss) => !double.IsFinite(loss) || loss > Factor * initialLoss;
}
