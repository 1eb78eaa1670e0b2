namespace Grokking.Optimisers;

/// <summary>How the learning rate changes with the step: it rises linearly over the warm-up, then stays.</summary>
/// <param name="WarmupSteps">W ≥ 0: the step that leads from s to s + 1 uses η·min(1, (s + 1)/W); 0 means no warm-up.</param>
public sealed record Schedule(long WarmupSteps)
{
    /// <summary>The full rate from the first step on.</summary>
    public static Schedule Constant { get; } = new(0);

    /// <summary>The share of the full learning rate, in (0, 1], for the step that leads from <paramref name="step"/> to the next.</summary>
    public double FactorAt(long step) => step + 1 >= WarmupSteps ? 1 : (step + 1) / (double)WarmupSteps;
}
