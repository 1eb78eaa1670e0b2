namespace Grokking.Randomness;

/// <summary>What randomness is drawn for: each purpose has a key of its own, so no draw of one moves a draw of another.</summary>
public static class RandomPurpose
{
    /// <summary>The weights at step 0.</summary>
    public const string Init = "init";

    /// <summary>Which samples are trained on.</summary>
    public const string Split = "split";

    /// <summary>The order of the samples in an epoch.</summary>
    public const string Shuffle = "shuffle";

    /// <summary>Which activations are dropped.</summary>
    public const string Dropout = "dropout";

    /// <summary>Which labels are replaced, and by what.</summary>
    public const string Corruption = "corruption";

    /// <summary>The phases of an analytic solution.</summary>
    public const string Phases = "phases";

    /// <summary>The samples that a measure looks at, where it does not look at all.</summary>
    public const string Measures = "measures";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Init, Split, Shuffle, Dropout, Corruption, Phases, Measures];
}
