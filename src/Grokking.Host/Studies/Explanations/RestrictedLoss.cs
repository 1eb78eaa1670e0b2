using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Explanations;

/// <summary>arXiv 2301.05217: the circuit that generalises is there before the test loss shows it.</summary>
internal sealed class RestrictedLoss : ExplanationStudy
{
    private const string Sum = "sum";
    private const string Random = "random labels";

    // A loss has fallen where it is half of what it was at the start.
    private const double Half = 0.5;

    /// <inheritdoc/>
    public override string Name => "explanations/restricted-loss";

    /// <inheritdoc/>
    public override string Title => "Restricted and excluded loss: the circuit forms before the test loss falls";

    /// <inheritdoc/>
    public override string Claim => "Behind a test loss that does not fall yet a circuit of waves of a + b grows steadily: the loss of its key frequencies alone falls before the test loss does, "
        + "and the training loss of all but them rises again as what was memorised is cleaned up.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2301.05217";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [LinearMapping.Preset];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(LinearMapping.Preset).Select(run => (run.Series, run))];
        StudyTable[] metrics = [.. all.Select(each => each.Run.Metrics)];
        TableColumn Halved(string name, string column) => TableColumn.Double(name, [.. metrics.Select(each => Fallen(each, column, Half))]);
        TableColumn Number(string name, Func<StudyTable, double> of) => TableColumn.Double(name, [.. metrics.Select(of)]);
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, "train_accuracy", "test_accuracy", "train_loss", "test_loss", "key_frequencies", "restricted_loss", "restricted_train_loss", "restricted_test_loss", "excluded_train_loss", "excluded_strongest_train_loss")),
            ("outcomes", OutcomeTable.Of(
                all,
                Halved("train_loss_halved", "train_loss"),
                Halved("test_loss_halved", "test_loss"),
                Halved("restricted_loss_halved", "restricted_loss"),
                Number("key_frequencies", each => each.Numbers("key_frequencies")[^1]),
                Number("excluded_least", each => each.Numbers("excluded_train_loss").Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min()),
                Number("excluded_at_end", each => each.Numbers("excluded_train_loss")[^1]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        ImmutableArray<double> restricted = Values(tables, Sum, "restricted_loss_halved");
        ImmutableArray<double> test = Values(tables, Sum, "test_loss_halved");
        ImmutableArray<double> control = Values(tables, Random, "restricted_loss_halved");
        return
        [
            Verdict.Of(
                "step at which the restricted loss is half of that at the start, and step at which the test loss is, sum",
                "the first before the second, in every run",
                string.Join("; ", restricted.Zip(test, (first, second) => $"{Numeral.Of(first)}, {Numeral.Of(second)}")),
                restricted.Length > 0 && restricted.Zip(test).All(pair => pair.First < pair.Second)),
            Verdict.Of("step at which the restricted loss is half of that at the start, random labels", "never", Numeral.Range(control), control.Length > 0 && control.All(double.IsNaN)),
            Verdict.Reported("step at which the restricted loss is halved / at which the test loss is, sum", MedianWords([.. restricted.Zip(test, (first, second) => first / second)])),
            Verdict.Reported("training loss without the key frequencies at the end / at its least, sum", MedianWords([.. Values(tables, Sum, "excluded_at_end").Zip(Values(tables, Sum, "excluded_least"), (end, least) => end / least)])),
            Verdict.Reported("key frequencies at the end, which hold 95 % of the power in waves of a + b, sum", MedianWords(Values(tables, Sum, "key_frequencies"))),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        (string Column, string Name)[] whole = [("train_loss", "train"), ("test_loss", "test"), ("restricted_loss", "restricted")];
        (string Column, string Name)[] parts = [("train_loss", "train"), ("excluded_train_loss", "without key frequencies"), ("excluded_strongest_train_loss", "without the strongest")];
        // Of equal differences: what happens here happens within a factor of two of the first losses.
        double Highest(string series) => tables["curves"].Rows.Where(row => row.Text("series") == series).SelectMany(row => whole.Concat(parts).Select(each => row.Number(each.Column))).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        Axis steps = Steps(tables) with { From = 5 };
        Panel Losses(string title, string series, (string Column, string Name)[] which) => new(
            title,
            steps,
            new("", 0, 1.04 * Highest(series), false),
            [.. which.SelectMany((each, i) => Along(tables, series, each.Column, Palette.At(i)))],
            Legend(which.Select(each => each.Name)));
        return new Figure(
            Id,
            Title,
            $"x + y mod {tables["outcomes"].Numbers("modulus")[0]}, the quadratic network under AdamW, and the same network on a table of random labels. {Seeds.Words(tables["outcomes"].Rows)} Restricted: the loss over all pairs of the key frequencies' waves of a + b alone, "
            + "which hold 95 % of the power in such waves. Without them, or without the strongest of them: on the training set.",
            "Losses along training. "
            + $"For the sum the restricted loss is halved at step {Numeral.Range(Values(tables, Sum, "restricted_loss_halved"))}, the test loss at step {Numeral.Range(Values(tables, Sum, "test_loss_halved"))}; "
            + $"for random labels at step {Numeral.Range(Values(tables, Random, "restricted_loss_halved"))} and {Numeral.Range(Values(tables, Random, "test_loss_halved"))}.",
            [
                Losses("(a) sum: restricted loss", Sum, whole),
                Losses("(b) random labels: restricted loss", Random, whole),
                Losses("(c) sum: excluded loss", Sum, parts),
                Losses("(d) random labels: excluded loss", Random, parts),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }
}
