namespace Grokking.Optimisers;

// s steps taken, W steps of warm-up, T steps in all

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum Annealing
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>On a straight line to zero.</summary>
    Linear,

    /// <summary>On half a wave of the cosine to zero (arXiv 1608.03983, Eq. 5, without restarts).</summary>
    Cosine,
}

/// <summary>How the learning rate changes with the step: it rises linearly over the warm-up, then stays or falls.</summary>
/// <param name="WarmupSteps">W ≥ 0; 0 means no warm-up.</param>
public sealed record Schedule(long WarmupSteps)
{
    /// <summary>The full rate from the first step on.</summary>
    public static Schedule Constant { get; } = new(0);

    /// <summary>
    /// Where the warm-up counts from, 0 or 1: the step that leads from s to s + 1 uses η·min(1, (s + this)/W). With 0, the first step has the rate 0.
    /// </summary>
    public int WarmupFrom { get; init; } = 1;

    /// <summary>How the rate falls after the warm-up, to zero after <see cref="Steps"/>; it stays unless said otherwise.</summary>
    public Annealing Annealing { get; init; }

    /// <summary>T, the steps over which it falls, the warm-up included; where this is not more than W, it does not fall.</summary>
    public long Steps { get; init; }

    /// <summary>The share of the full learning rate, in [0, 1], for the step that leads from <paramref name="step"/> to the next.</summary>
    public double FactorAt(long step)
    {
        var left = Steps > WarmupSteps ? 1 - Math.Clamp((step - WarmupSteps) / (double)(Steps - WarmupSteps), 0, 1) : 1;
        return Warmth(step) * Annealing switch
        {
            Annealing.Linear => left,
            Annealing.Cosine => (1 - Math.Cos(Math.PI * left)) / 2,
            _ => 1,
        };
    }

    private double Warmth(long step) => step + WarmupFrom >= WarmupSteps ? 1 : (step + WarmupFrom) / (double)WarmupSteps;
}
