using System.Collections.Immutable;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies.Gromov;

/// <summary>The numbers of Fig. 5, a row for each run, and what is asked of them.</summary>
internal static class ParticipationOutcomes
{
    private const double Complete = 0.99;

    /// <summary>Takes the numbers out of the metrics.</summary>
    /// <param name="runs">Series, seed and metrics of each run.</param>
    /// <param name="onset">The test accuracy at which grokking begins.</param>
    /// <param name="saturated">The share of the last ratio from which it counts as saturated.</param>
    public static StudyTable Of(IReadOnlyList<(string Series, long Seed, StudyTable Metrics)> runs, double onset, double saturated)
    {
        Outcome[] outcomes = [.. runs.Select(run => new Outcome(run.Metrics.Numbers("step"), run.Metrics.Numbers("ipr_half_rfft"), run.Metrics.Numbers("test_accuracy")))];
        TableColumn Column(string name, Func<Outcome, double> of) => TableColumn.OptionalDouble(
            name, [.. outcomes.Select(of).Select(value => double.IsFinite(value) ? value : (double?)null)]);
        return StudyTable.Of(
            "a row for each run; ratios in the convention half-rfft",
            TableColumn.Text("series", [.. runs.Select(run => run.Series)]),
            TableColumn.Int64("seed", [.. runs.Select(run => run.Seed)]),
            Column("onset_step", each => each.First(each.Test, onset)),
            Column("grokked_step", each => each.First(each.Test, Milestones.Level)),
            Column("complete_step", each => each.First(each.Test, Complete)),
            Column("saturated_step", each => each.First(each.Ratio, saturated * each.Ratio[^1])),
            Column("start", each => each.Ratio[0]),
            Column("at_grokking", each => each.At(each.First(each.Test, Milestones.Level))),
            Column("at_50", each => each.At(50)),
            Column("at_100", each => each.At(100)),
            Column("lowest_from_200", each => each.From(200).DefaultIfEmpty(double.NaN).Min()),
            Column("pace_of_i", each => each.Pace(0, each.First(each.Test, onset))),
            Column("pace_of_iii", each => each.Pace(each.First(each.Test, Complete), each.First(each.Ratio, saturated * each.Ratio[^1]))),
            Column("pace_of_iv", each => each.Pace(each.First(each.Ratio, saturated * each.Ratio[^1]), each.Steps[^1])),
            Column("change_from_150", each => each.From(150) is [var first, .., var last] ? Math.Abs(last - first) : double.NaN),
            Column("largest", each => each.Ratio.Max()),
            Column("last", each => each.Ratio[^1]));
    }

    /// <summary>Judges.</summary>
    /// <param name="outcomes">The numbers.</param>
    /// <param name="exact">The ratio of the exact weights.</param>
    public static ImmutableArray<Verdict> Judge(StudyTable outcomes, double exact)
    {
        ImmutableArray<StudyRow> all = [.. outcomes.Rows];
        ImmutableArray<StudyRow> fast = [.. all.Where(row => row.Text("series") == "fast")];
        IEnumerable<double> Of(ImmutableArray<StudyRow> rows, string column) => rows.Select(row => row.Number(column));
        return
        [
            Verdict.Within("ratio at the start", Of(all, "start"), 0.036, 0.044),
            Verdict.Within("ratio when grokked (test accuracy 95 %)", Of(all, "at_grokking"), 0.2, 0.4),
            Verdict.Within("(a) ratio at step 50", Of(fast, "at_50"), 0.5, double.PositiveInfinity),
            Verdict.Within("(a) ratio at step 100", Of(fast, "at_100"), 0.8, double.PositiveInfinity),
            Verdict.Within("(a) lowest ratio from step 200 on", Of(fast, "lowest_from_200"), 0.85, 1),
            Verdict.Within("(a) change of the ratio from step 150 to the end", Of(fast, "change_from_150"), double.NegativeInfinity, 0.03),
            Verdict.Within("growth per step in regime III / in regime I", all.Select(row => row.Number("pace_of_iii") / row.Number("pace_of_i")), 1, double.PositiveInfinity),
            Verdict.Within("growth per step in regime IV / in regime III", all.Select(row => row.Number("pace_of_iv") / row.Number("pace_of_iii")), double.NegativeInfinity, 1),
            Verdict.Within($"largest ratio (exact weights: {Numeral.Of(exact)})", Of(all, "largest"), double.NegativeInfinity, exact),
        ];
    }

    private sealed record Outcome(double[] Steps, double[] Ratio, double[] Test)
    {
        public double First(double[] values, double level) => Array.FindIndex(values, value => value >= level) is >= 0 and var at ? Steps[at] : double.NaN;

        public double At(double step) => Array.FindIndex(Steps, each => each >= step) is >= 0 and var at ? Ratio[at] : double.NaN;

        // Growth per step between two steps; not a number where there is nothing between them.
        public double Pace(double from, double to) => to > from ? (At(to) - At(from)) / (to - from) : double.NaN;

        public double[] From(double step) => [.. Ratio.Where((_, i) => Steps[i] >= step)];
    }
}
