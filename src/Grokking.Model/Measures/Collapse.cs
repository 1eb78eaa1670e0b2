namespace Grokking.Measures;

/// <summary>
/// Whether a network that had grokked lost it again, as seen at the evaluations so far: test accuracy below <see cref="Low"/> for
/// <see cref="Crossing.Sustaining"/> consecutive evaluations after a sustained 95 %. An immutable fold, plain data.
/// </summary>
/// <remarks>A NaN counts as below. After a recovery there may be another collapse.</remarks>
public sealed record Collapse
{
    /// <summary>The test accuracy below which a grokked network has collapsed.</summary>
    public const double Low = 0.5;

    /// <summary>Before the first evaluation.</summary>
    public static Collapse None { get; } = new();

    /// <summary>When the test accuracy was at 95 % since the beginning, or since the last collapse.</summary>
    public Crossing Grokked { get; init; } = new(Milestones.Level);

    /// <summary>The first of the evaluations in a row, up to now, that are below; none where the last is not, or nothing was grokked.</summary>
    public long? Below { get; init; }

    /// <summary>How many these are.</summary>
    public int Streak { get; init; }

    /// <summary>The step at which the first collapse began; none where there was none.</summary>
    public long? First { get; init; }

    /// <summary>The step from which 95 % was sustained again after the first collapse.</summary>
    public long? Recovered { get; init; }

    /// <summary>How many collapses there were.</summary>
    public int Count { get; init; }

    /// <summary>What is known after one more evaluation.</summary>
    /// <param name="step">The step of the evaluation, later than those before.</param>
    /// <param name="testAccuracy">In [0, 1].</param>
    public Collapse Observe(long step, double testAccuracy)
    {
        var grokked = Grokked.Observe(step, testAccuracy);
        var isBelow = Grokked.Sustained is not null && !(testAccuracy >= Low);
        var (below, streak) = isBelow ? (Below ?? step, Streak + 1) : ((long?)null, 0);
        return streak < Crossing.Sustaining
            ? this with { Grokked = grokked, Below = below, Streak = streak, Recovered = Recovered ?? (First is null ? null : grokked.Sustained) }
            : this with { Grokked = new(Milestones.Level), Below = null, Streak = 0, First = First ?? below, Count = Count + 1 };
    }
}

/// <summary>Whether the weights died away and the answers with them, as seen at the evaluations so far. An immutable fold, plain data.</summary>
/// <param name="Largest">The largest root mean square of the weights so far.</param>
/// <param name="Step">The first step at which it was below a tenth of the largest while the accuracy was near chance; none where there was none.</param>
public sealed record WeightCollapse(double Largest, long? Step)
{
    /// <summary>The share of the largest root mean square below which weights have died away.</summary>
    public const double Share = 0.1;

    /// <summary>The accuracy, as a multiple of chance, up to which nothing is known.</summary>
    public const double NearChance = 1.5;

    /// <summary>Before the first evaluation.</summary>
    public static WeightCollapse None { get; } = new(0, null);

    /// <summary>What is known after one more evaluation.</summary>
    /// <param name="step">The step of the evaluation, later than those before.</param>
    /// <param name="rootMeanSquare">Of all weights, see <see cref="Norms.RootMeanSquare"/>.</param>
    /// <param name="accuracy">The training accuracy, in [0, 1].</param>
    /// <param name="chance">The accuracy of chance, see <see cref="Baselines.ChanceAccuracy"/>.</param>
    public WeightCollapse Observe(long step, double rootMeanSquare, double accuracy, double chance)
    {
        var largest = Math.Max(Largest, rootMeanSquare);
        return new(largest, Step ?? (rootMeanSquare < Share * largest && accuracy <= NearChance * chance ? step : null));
    }
}
