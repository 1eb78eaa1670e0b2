namespace Grokking.Host.Sweeps;

/// <summary>The largest sweep that is accepted: a slip of the keyboard is refused before anything is counted out.</summary>
internal static class SweepLimits
{
    /// <summary>Runs of a sweep.</summary>
    public const int Runs = 100_000;

    /// <summary>Series of a sweep.</summary>
    public const int Series = 100;

    /// <summary>Settings that are varied.</summary>
    public const int Axes = 20;

    /// <summary>Bytes of a plan that are read: more than the largest plan has.</summary>
    public const long PlanBytes = 1L << 30;
}
