using System.Collections.Immutable;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, App. C: n³ + n m² + m, which is never learnt.</summary>
internal sealed class Cubic : Functions
{
    /// <inheritdoc/>
    public override string Name => "gromov/fig10-cubic";

    /// <inheritdoc/>
    public override string Title => "Fig. 10: n³ + n m² + m is memorised and never learnt";

    /// <inheritdoc/>
    public override string Claim => "Even from nine tenths of the table the test accuracy stays at chance.";

    /// <inheritdoc/>
    protected override string Remark => "Nine tenths of the table are trained on.";

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        string series = tables["outcomes"].Rows.First().Text("series");
        return
        [
            Verdict.Within("train accuracy at the end", Values(tables, series, "train_accuracy"), 0.99, double.PositiveInfinity),
            Verdict.Within("test accuracy at the end", Values(tables, series, "test_accuracy"), double.NegativeInfinity, 0.03),
        ];
    }
}
