using System.Collections.Immutable;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, App. C: n² + m² and n m, which are learnt.</summary>
internal sealed class SumsAndProducts : Functions
{
    /// <inheritdoc/>
    public override string Name => "gromov/fig8-sums-and-products";

    /// <inheritdoc/>
    public override string Title => "Fig. 8: n² + m² and n m are learnt";

    /// <inheritdoc/>
    public override string Claim =>
        "Sums of functions of one operand each are learnt as the plain sum is. So are products, for which the source found no weights in closed form; ours take discrete logarithms "
        + "and two neurons for zero.";

    /// <inheritdoc/>
    protected override string Remark => "Both grok.";

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. tables["outcomes"].Rows.Select(row => row.Text("series")).Distinct().Select(series =>
            Verdict.Within($"{series}: test accuracy at the end", Values(tables, series, "test_accuracy"), 0.99, double.PositiveInfinity)),
    ];
}
