namespace Grokking.Measures;

/// <summary>When an accuracy reached a level, as seen at the evaluations so far. An immutable fold: each evaluation makes the next value.</summary>
/// <remarks>Steps count updates of the weights; the state before the first is step 0. A NaN counts as below.</remarks>
/// <param name="Level">The level, in (0, 1].</param>
public sealed record Crossing(double Level)
{
    /// <summary>How many evaluations in a row make a crossing sustained.</summary>
    public const int Sustaining = 5;

    /// <summary>The step of the first evaluation at or above the level; none if there was none yet.</summary>
    public long? First { get; init; }

    /// <summary>The step of the first evaluation that began <see cref="Sustaining"/> consecutive ones at or above the level.</summary>
    public long? Sustained { get; init; }

    /// <summary>The step of the first evaluation after the last one below the level; none while below.</summary>
    public long? Last { get; init; }

    /// <summary>How many evaluations in a row, up to now, were at or above the level.</summary>
    public long Streak { get; init; }

    /// <summary>How many evaluations there were from <see cref="Sustained"/> on.</summary>
    public long SinceSustained { get; init; }

    /// <summary>How many of <see cref="SinceSustained"/> were at or above the level.</summary>
    public long AboveSinceSustained { get; init; }

    /// <summary>The share of evaluations at or above the level from <see cref="Sustained"/> on; none before.</summary>
    public double? Stability => SinceSustained == 0 ? null : (double)AboveSinceSustained / SinceSustained;

    /// <summary>What is known after one more evaluation.</summary>
    /// <param name="step">The step of the evaluation, later than those before.</param>
    /// <param name="accuracy">The accuracy, in [0, 1].</param>
    public Crossing Observe(long step, double accuracy)
    {
        var above = accuracy >= Level;
        var streak = above ? Streak + 1 : 0;
        var last = above ? Last ?? step : (long?)null;
        var completes = Sustained is null && streak == Sustaining;
        return this with
        {
            First = First ?? (above ? step : null),
            Last = last,
            Streak = streak,
            Sustained = completes ? last : Sustained,
            SinceSustained = completes ? Sustaining : SinceSustained + (Sustained is null ? 0 : 1),
            AboveSinceSustained = completes ? Sustaining : AboveSinceSustained + (Sustained is null || !above ? 0 : 1),
        };
    }
}
