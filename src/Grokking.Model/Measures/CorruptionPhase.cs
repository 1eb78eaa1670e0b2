namespace Grokking.Measures;

/// <summary>How a run with corrupted labels ended (arXiv 2310.13061).</summary>
public enum CorruptionPhase
{
    /// <summary>It generalises and has memorised the wrong labels as well.</summary>
    Coexistence,

    /// <summary>It generalises, and answers some of the wrongly labelled samples rightly, against their labels.</summary>
    PartialInversion,

    /// <summary>It generalises, and answers nearly all of them rightly.</summary>
    FullInversion,

    /// <summary>It fits the training set and generalises no longer, or never did.</summary>
    Memorisation,

    /// <summary>It does neither, but generalised before.</summary>
    Forgetting,

    /// <summary>It does neither and never generalised.</summary>
    Confusion,
}

/// <summary>The phases' limits.</summary>
public static class CorruptionPhases
{
    /// <summary>The accuracy from which a set counts as answered.</summary>
    public const double Level = 0.9;

    /// <summary>How much more than the share of true labels a fully inverted network may answer as labelled.</summary>
    public const double Allowance = 0.05;

    /// <summary>The phase of a run's end.</summary>
    /// <remarks>
    /// The source corrupts a share ξ with labels drawn from all p, so that ξ/p of them stay true; <paramref name="wrong"/> is the share that is
    /// wrong, (1 − 1/p) ξ of theirs. Forgetting and confusion are told apart by us. A NaN counts as below.
    /// </remarks>
    /// <param name="trainAccuracy">With the labels that were trained on, in [0, 1].</param>
    /// <param name="testAccuracy">In [0, 1].</param>
    /// <param name="bestTestAccuracy">The best test accuracy at any time; the last one where no other is known.</param>
    /// <param name="wrong">The share of training labels that are wrong, in [0, 1].</param>
    public static CorruptionPhase Of(double trainAccuracy, double testAccuracy, double bestTestAccuracy, double wrong) =>
        (testAccuracy >= Level, trainAccuracy >= Level) switch
        {
            (true, true) => CorruptionPhase.Coexistence,
            (true, false) => trainAccuracy >= 1 + Allowance - wrong ? CorruptionPhase.PartialInversion : CorruptionPhase.FullInversion,
            (false, true) => CorruptionPhase.Memorisation,
            _ => bestTestAccuracy >= Level ? CorruptionPhase.Forgetting : CorruptionPhase.Confusion,
        };
}
