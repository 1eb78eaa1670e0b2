using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, Fig. 3: the phases of the neurons before and after training, under four optimisers.</summary>
internal sealed class PhaseAlignment : Study
{
    private const string Descent = "gromov/fig1-dynamics";
    private const string Others = "gromov/fig3-phases";
    private const string Adaptive = "gromov/fig5-participation";
    private const int Bins = 64;

    // Stages of a run; the first evaluated table of phases, the first once it has grokked, and the last.
    private const string Start = "start";
    private const string Grokked = "grokked";
    private const string Trained = "trained";
    private const string Between = "between";

    private static readonly ImmutableArray<(string Key, string Words, string Preset, string Series)> Optimisers =
    [
        ("gradientDescent", "(a) gradient descent", Descent, ""),
        ("momentum", "(b) momentum", Others, "momentum"),
        ("adamW", "(c) AdamW", Adaptive, "fast"),
        ("adam", "(d) Adam, no decay", Others, "adam"),
    ];

    /// <inheritdoc/>
    public override string Name => "gromov/fig3-phases";

    /// <inheritdoc/>
    public override string Title => "Fig. 3: the phases that training finds";

    /// <inheritdoc/>
    public override string Claim =>
        "In a trained network the phase of a neuron's output wave is the sum of the phases of its two input waves, whatever the optimiser; AdamW brings the sum nearer than gradient descent.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Descent, Others, Adaptive];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        var all = new List<(string Optimiser, string Stage, long Seed, long Step, double[] Residuals)>();
        foreach ((string key, _, string preset, string series) in Optimisers)
        {
            foreach (StudyRun run in runs.Of(preset, series))
            {
                ImmutableArray<long> steps = run.PhaseSteps;
                long? grokked = run.Outcome.Milestones.Grokked.First is { } first ? steps.FirstOrDefault(step => step >= first, -1) : null;
                all.AddRange(steps.Select(step => (key, step == steps[0] ? Start : step == steps[^1] ? Trained : step == grokked ? Grokked : Between, run.Seed, step, run.Phases(step).Numbers("residual"))));
            }
        }

        var ends = all.Where(each => each.Stage is Start or Trained).ToList();

        // A run that diverged has no phases.
        TableColumn Each(string name, Func<double[], double> of) => TableColumn.Double(name, [.. all.Select(each => each.Residuals.Length == 0 ? double.NaN : of(each.Residuals))]);
        return StudyTables.Of(
            ("residuals", StudyTable.Of(
                "a row for each neuron: φ1 + φ2 − φ3 at its own frequency, in radians",
                TableColumn.Text("optimiser", [.. ends.SelectMany(each => each.Residuals.Select(_ => each.Optimiser))]),
                TableColumn.Text("stage", [.. ends.SelectMany(each => each.Residuals.Select(_ => each.Stage))]),
                TableColumn.Int64("seed", [.. ends.SelectMany(each => each.Residuals.Select(_ => each.Seed))]),
                TableColumn.Double("residual", [.. ends.SelectMany(each => each.Residuals)]))),
            ("spreads", StudyTable.Of(
                "a row for each run and step of which there is a table of phases; radians",
                TableColumn.Text("optimiser", [.. all.Select(each => each.Optimiser)]),
                TableColumn.Text("stage", [.. all.Select(each => each.Stage)]),
                TableColumn.Int64("seed", [.. all.Select(each => each.Seed)]),
                TableColumn.Int64("step", [.. all.Select(each => each.Step)]),
                Each("standard_deviation", residuals => Math.Sqrt(residuals.Average(value => value * value))),
                Each("median_size", residuals => Numeral.Median(residuals.Select(Math.Abs))),
                Each("share_within_a_tenth", residuals => residuals.Average(value => Math.Abs(value) <= 0.1 ? 1.0 : 0)))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["spreads"].Rows];
        double[] Of(string optimiser, string column, string stage = Trained) =>
            [.. rows.Where(row => row.Text("optimiser") == optimiser && row.Text("stage") == stage).Select(row => row.Number(column))];
        (double adamW, double descent) = (Numeral.Median(Of("adamW", "median_size")), Numeral.Median(Of("gradientDescent", "median_size")));
        return
        [
            Verdict.Within("spread at the start (uniform: π/√3 = 1.814)", rows.Where(row => row.Text("stage") == Start).Select(row => row.Number("standard_deviation")), 1.7, 1.9),
            .. Optimisers.Select(optimiser => Verdict.Within($"{optimiser.Words}: spread when it has grokked", Of(optimiser.Key, "standard_deviation", Grokked), double.NegativeInfinity, 0.3)),
            Verdict.Within("(a) spread under gradient descent at the end", Of("gradientDescent", "standard_deviation"), double.NegativeInfinity, 0.3),
            Verdict.Within("(b) spread under momentum at the end", Of("momentum", "standard_deviation"), double.NegativeInfinity, 0.3),
            Verdict.Within("(c) spread under AdamW at the end", Of("adamW", "standard_deviation"), double.NegativeInfinity, 0.1),
            Verdict.Within("(c) share of neurons within 0.1 under AdamW", Of("adamW", "share_within_a_tenth"), 0.9, double.PositiveInfinity),
            Verdict.Within("(d) spread under Adam without decay at the end", Of("adam", "standard_deviation"), double.NegativeInfinity, 0.3),
            Verdict.Of("median size under AdamW and under gradient descent", "smaller under AdamW", $"{Numeral.Of(adamW)} and {Numeral.Of(descent)}", adamW < descent),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["residuals"].Rows];
        StudyRow[] spreads = [.. tables["spreads"].Rows];
        ImmutableArray<double> edges = Histogram.Split(-Math.PI, Math.PI, Bins, logarithmic: false);
        (string Words, ImmutableArray<Mark> Marks, double Highest, double Spread)[] charts =
        [
            .. Optimisers.Select(optimiser =>
            {
                StudyRow[] own = [.. rows.Where(row => row.Text("optimiser") == optimiser.Key)];
                Histogram start = Histogram.Of(own.Where(row => row.Text("stage") == Start).Select(row => row.Number("residual")), edges);
                Histogram trained = Histogram.Of(own.Where(row => row.Text("stage") == Trained).Select(row => row.Number("residual")), edges);
                double Unit(string stage) => 100.0 / Math.Max(1, own.Count(row => row.Text("stage") == stage));
                double spread = Numeral.Median(spreads.Where(row => row.Text("optimiser") == optimiser.Key && row.Text("stage") == Trained).Select(row => row.Number("standard_deviation")));
                ImmutableArray<Mark> marks = [new Bars(trained, Palette.At(0)) { Unit = Unit(Trained) }, new Bars(start, Palette.At(1)) { Unit = Unit(Start), Empty = true }];
                return (optimiser.Words, marks, Math.Max(Unit(Trained) * trained.Counts.Max(), Unit(Start) * start.Counts.Max()), spread);
            }),
        ];
        double highest = Math.Max(1, charts.Max(chart => chart.Highest) * 1.06);
        ImmutableArray<LegendEntry> entries = [new("trained", Palette.At(0), LegendSample.Patch), new("start", Palette.At(1))];
        int neurons = rows.Length / Math.Max(1, spreads.Count(row => row.Text("stage") is Start or Trained));
        StudyRow[] along = [.. spreads.Where(row => row.Number("step") > 0)];
        IEnumerable<Point> Points(string optimiser, string column, bool atGrokking = false) => along
            .Where(row => row.Text("optimiser") == optimiser && (!atGrokking || row.Text("stage") == Grokked)).Select(row => new Point(row.Number("step"), row.Number(column)));
        Panel Along(string title, string words, string column, double top) => new(
            title,
            new("step", 1, Math.Max(10, along.Select(row => row.Number("step")).DefaultIfEmpty(10).Max()), true),
            new(words, 0, top, false),
            [
                .. Optimisers.SelectMany((optimiser, i) => Seeds.Marks(Points(optimiser.Key, column), Palette.At(i)).Add(new Dots([.. Points(optimiser.Key, column, atGrokking: true)], Palette.At(i)))),
            ],
            [.. Optimisers.Select((optimiser, i) => new LegendEntry(optimiser.Words[4..], Palette.At(i)))]);
        return new Figure(
            Id,
            Title,
            $"φ₁ + φ₂ − φ₃ of all {neurons} neurons of all runs ({Runs(spreads)}), in {Bins} equal bins: filled, at the end of training; dashed, at the start. (a) Gradient descent, (b) momentum, "
            + "(c) AdamW, (d) Adam without weight decay. σ is the median over the seeds of the root mean square. (e) It falls until the network groks (dots) and grows again where no decay holds it; (f) the share of neurons with a sum within 0.1 of 0.",
            "Four histograms of the sum of a neuron's input phases less its output phase. At the start the values are spread evenly; after training they stand in one narrow peak at 0. "
            + string.Join(" ", charts.Select(chart => $"Spread under {chart.Words[4..]}: {Numeral.Of(chart.Spread)} radians.")) + " Along training the spread falls until the network groks; without decay it grows again.",
            [
                .. charts.Select((chart, i) => new Panel(
                    chart.Words,
                    new(i < 2 ? "" : "φ₁ + φ₂ − φ₃ (radians)", -Math.PI, Math.PI, false),
                    new(i % 2 == 0 ? "neurons (%)" : "", 0, highest, false),
                    [.. chart.Marks, new Note(new(1.9, 0.85 * highest), $"σ = {Numeral.Of(Math.Round(chart.Spread, 3))}")],
                    entries)),
                Along("(e) spread along training", "σ (radians)", "standard_deviation", 2),
                Along("(f) neurons within 0.1 along training", "share", "share_within_a_tenth", 1.04),
            ])
        {
            Width = 860,
            Columns = 2,
        };
    }

    private static string Runs(StudyRow[] spreads) => string.Join(", ", Optimisers.Select(optimiser =>
        spreads.Count(row => row.Text("optimiser") == optimiser.Key && row.Text("stage") == Trained) is var count && count == 1
            ? $"{optimiser.Words[4..]}: 1 seed" : $"{optimiser.Words[4..]}: {count} seeds"));
}
