namespace Grokking.Engine;

/// <summary>What a chain may take into itself. Each leaves every bit of the result as it is, and saves a pass through memory.</summary>
[Flags]
internal enum Fusions
{
    /// <summary>Chains are elementwise only.</summary>
    None = 0,

    /// <summary>
    /// Gather-add: rows of a table are looked up while a chain reads them, and not copied out first. One-hot targets are rows of the identity
    /// matrix, so a residual takes its target the same way.
    /// </summary>
    Gather = 1,

    /// <summary>Scatter-add with product: rows are added to the table's as a chain computes them, and not stored first.</summary>
    ScatterAdd = 2,

    /// <summary>Everything.</summary>
    All = Gather | ScatterAdd,
}
