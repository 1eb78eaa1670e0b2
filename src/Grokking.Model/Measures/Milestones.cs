namespace Grokking.Measures;

/// <summary>
/// When a run memorised (training accuracy) and grokked (test accuracy), at 95 % and at 99 %: first, sustained and last. An immutable fold
/// over the evaluations; all of it is plain data, to be stored and taken up again.
/// </summary>
/// <remarks>A run whose budget ends before a level is reached has no step for it: "not reached by" the budget, never the budget itself.</remarks>
public sealed record Milestones
{
    /// <summary>The level that "memorised" and "grokked" mean unless another is named.</summary>
    public const double Level = 0.95;

    /// <summary>The stricter level.</summary>
    public const double StrictLevel = 0.99;

    /// <summary>Before the first evaluation.</summary>
    public static Milestones None { get; } = new();

    /// <summary>Training accuracy at 95 %.</summary>
    public Crossing Memorised { get; init; } = new(Level);

    /// <summary>Training accuracy at 99 %.</summary>
    public Crossing MemorisedStrictly { get; init; } = new(StrictLevel);

    /// <summary>Test accuracy at 95 %.</summary>
    public Crossing Grokked { get; init; } = new(Level);

    /// <summary>Test accuracy at 99 %.</summary>
    public Crossing GrokkedStrictly { get; init; } = new(StrictLevel);

    /// <summary>First test over first train step at 95 %; none when either is missing or training began above the level.</summary>
    public double? DelayRatio => Ratio(Memorised, Grokked);

    /// <summary>First test over first train step at 99 %; none as in <see cref="DelayRatio"/>.</summary>
    public double? DelayRatioStrictly => Ratio(MemorisedStrictly, GrokkedStrictly);

    /// <summary>Steps from the first at 95 % in training to the first at 95 % on the test set; none when either is missing.</summary>
    public long? Delay => Grokked.First - Memorised.First;

    /// <summary>What is known after one more evaluation.</summary>
    /// <param name="step">The step of the evaluation, later than those before.</param>
    /// <param name="trainAccuracy">In [0, 1].</param>
    /// <param name="testAccuracy">In [0, 1].</param>
    public Milestones Observe(long step, double trainAccuracy, double testAccuracy) => this with
    {
        Memorised = Memorised.Observe(step, trainAccuracy),
        MemorisedStrictly = MemorisedStrictly.Observe(step, trainAccuracy),
        Grokked = Grokked.Observe(step, testAccuracy),
        GrokkedStrictly = GrokkedStrictly.Observe(step, testAccuracy),
    };

    /// <summary>Whether generalisation came late: the delay ratio exists and is at least this large.</summary>
    /// <param name="least">1.1 for the quadratic network in full batches, 2 elsewhere.</param>
    public bool IsDelayed(double least) => DelayRatio >= least;

    private static double? Ratio(Crossing train, Crossing test) => train.First > 0 ? (double?)test.First / train.First : null;
}
