using System.Collections.Immutable;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies.Gromov;

/// <summary>The numbers of Fig. 1, a row for each run, and what is asked of them.</summary>
internal static class DynamicsOutcomes
{
    /// <summary>Takes the numbers out of the metrics.</summary>
    /// <param name="runs">Series, seed, p, rate and metrics of each run.</param>
    public static StudyTable Of(IReadOnlyList<(string Series, long Seed, int Modulus, double LearningRate, StudyTable Metrics)> runs)
    {
        Outcome[] outcomes = [.. runs.Select(run => Read(run.Metrics, 1.0 / run.Modulus))];
        TableColumn Column(string name, Func<Outcome, double> of) => TableColumn.OptionalDouble(
            name, [.. outcomes.Select(of).Select(value => double.IsNaN(value) ? (double?)null : value)]);
        return StudyTable.Of(
            "a row for each run; losses are mean squared errors, the steps those of the first evaluation at 95 %",
            TableColumn.Text("series", [.. runs.Select(run => run.Series)]),
            TableColumn.Int64("seed", [.. runs.Select(run => run.Seed)]),
            TableColumn.Int32("modulus", [.. runs.Select(run => run.Modulus)]),
            TableColumn.Double("learning_rate", [.. runs.Select(run => run.LearningRate)]),
            Column("memorised_step", each => each.Memorised),
            Column("grokked_step", each => each.Grokked),
            Column("first_test_loss", each => each.FirstLoss),
            Column("peak_test_loss", each => each.PeakLoss),
            Column("peak_step", each => each.PeakStep),
            Column("final_test_loss", each => each.FinalLoss),
            Column("final_train_accuracy", each => each.FinalTrain),
            Column("final_test_accuracy", each => each.FinalTest),
            Column("lowest_test_accuracy_over_chance", each => each.LowestOverChance),
            Column("final_rms_over_first", each => each.FinalRms),
            Column("largest_fall_of_rms", each => each.Fall),
            Column("gradient_peak_step", each => each.GradientPeak));
    }

    /// <summary>Judges.</summary>
    public static ImmutableArray<Verdict> Judge(StudyTable outcomes)
    {
        ImmutableArray<StudyRow> fast = [.. outcomes.Rows.Where(row => row.Text("series") == "fast")];
        ImmutableArray<StudyRow> slow = [.. outcomes.Rows.Where(row => row.Text("series") == "slow")];
        IEnumerable<double> Ratio(ImmutableArray<StudyRow> rows, string over, string under) => rows.Select(row => row.Number(over) / row.Number(under));
        IEnumerable<double> Column(ImmutableArray<StudyRow> rows, string name) => rows.Select(row => row.Number(name));
        return
        [
            Verdict.Within("(a) test loss at the start", Column(fast, "first_test_loss"), 0.0098, 0.011),
            Verdict.Within("(a) largest test loss before grokking / at the start", Ratio(fast, "peak_test_loss", "first_test_loss"), 1.005, 1.1),
            Verdict.Within("(a) step of the largest test loss / step of memorisation", Ratio(fast, "peak_step", "memorised_step"), 0.8, 1.2),
            Verdict.Within("(a) test loss at the end", Column(fast, "final_test_loss"), double.NegativeInfinity, 2e-3),
            Verdict.Within("(b) largest fall of the weights' rms before grokking, relative", Column(fast, "largest_fall_of_rms"), double.NegativeInfinity, 0.01),
            Verdict.Within("(b) rms of the weights at the end / at the start", Column(fast, "final_rms_over_first"), 3.5, 6.5),
            Verdict.Within("(c) memorised at step", Column(fast, "memorised_step"), 2000, 4600),
            Verdict.Within("(c) grokked at step", Column(fast, "grokked_step"), 2700, 6000),
            Verdict.Within("(c) train accuracy at the end", Column(fast, "final_train_accuracy"), 0.999, double.PositiveInfinity),
            Verdict.Within("(c) test accuracy at the end", Column(fast, "final_test_accuracy"), 0.999, double.PositiveInfinity),
            Verdict.Within("(c) step of grokking / of memorisation", Ratio([.. fast, .. slow], "grokked_step", "memorised_step"), 1.1, 2.2),
            Verdict.Within("(c) lowest test accuracy before memorisation / chance", Column(fast, "lowest_test_accuracy_over_chance"), double.NegativeInfinity, Math.BitDecrement(1.0)),
            Verdict.Within("(d) step of the largest gradient / of the largest test loss", Ratio(fast, "gradient_peak_step", "peak_step"), 0.8, 1.2),
            Verdict.Within("(e) memorised at step, at a third of the rate", Column(slow, "memorised_step"), 3 * 2000, 3 * 4600),
            Verdict.Within("(e) grokked at step, at a third of the rate", Column(slow, "grokked_step"), 3 * 2700, 3 * 6000),
        ];
    }

    private static Outcome Read(StudyTable metrics, double chance)
    {
        double[] steps = metrics.Numbers("step");
        double[] test = metrics.Numbers("test_accuracy");
        double[] loss = metrics.Numbers("test_loss");
        double[] rms = metrics.Numbers("rms_weight");
        double[] gradient = [.. metrics.Numbers("gradient_norm_w1").Zip(metrics.Numbers("gradient_norm_w2"), (first, second) => Math.Sqrt((first * first) + (second * second)))];
        double memorised = First(steps, metrics.Numbers("train_accuracy"));
        double grokked = First(steps, test);
        // What never happened has no time before it: the whole run counts.
        int[] beforeGrokking = [.. Enumerable.Range(0, steps.Length).Where(i => !(steps[i] >= grokked))];
        int[] beforeMemorisation = [.. Enumerable.Range(0, steps.Length).Where(i => !(steps[i] >= memorised))];
        int peak = beforeGrokking.MaxBy(i => loss[i]);
        double highest = 0;
        double fall = 0;
        foreach (int i in beforeGrokking)
        {
            highest = Math.Max(highest, rms[i]);
            fall = Math.Max(fall, (highest - rms[i]) / highest);
        }

        return new(
            memorised,
            grokked,
            loss[0],
            loss[peak],
            steps[peak],
            loss[^1],
            metrics.Numbers("train_accuracy")[^1],
            test[^1],
            beforeMemorisation.Min(i => test[i]) / chance,
            rms[^1] / rms[0],
            fall,
            steps[Enumerable.Range(0, steps.Length).MaxBy(i => gradient[i])]);
    }

    private static double First(double[] steps, double[] accuracy)
    {
        int at = Array.FindIndex(accuracy, value => value >= Milestones.Level);
        return at < 0 ? double.NaN : steps[at];
    }

    private sealed record Outcome(
        double Memorised,
        double Grokked,
        double FirstLoss,
        double PeakLoss,
        double PeakStep,
        double FinalLoss,
        double FinalTrain,
        double FinalTest,
        double LowestOverChance,
        double FinalRms,
        double Fall,
        double GradientPeak);
}
