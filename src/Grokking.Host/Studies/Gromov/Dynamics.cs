using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, Fig. 1: what losses, norms, accuracies and gradients do while the network groks under plain gradient descent.</summary>
internal sealed class Dynamics : Study
{
    private const string Fast = "gromov/fig1-dynamics";
    private const string Slow = "gromov/fig1-dynamics-slow";
    private static readonly Look Train = Palette.At(0);
    private static readonly Look Test = Palette.At(1);

    /// <inheritdoc/>
    public override string Name => "gromov/fig1-dynamics";

    /// <inheritdoc/>
    public override string Title => "Fig. 1: the dynamics of grokking under gradient descent";

    /// <inheritdoc/>
    public override string Claim =>
        "Plain full-batch gradient descent memorises first and generalises later, without any regularisation. The test loss rises above its start and is largest just "
        + "before the test accuracy begins to climb; the norms of the weights grow from that time on, and the gradients are largest there.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Fast, Slow];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run, StudyTable Metrics)[] all =
        [
            .. runs.Of(Fast).Select(run => ("fast", run, run.Metrics)),
            .. runs.Of(Slow).Select(run => ("slow", run, run.Metrics)),
        ];
        TableColumn Column(string name, Func<StudyTable, double[]> of) => TableColumn.Double(name, [.. all.SelectMany(each => of(each.Metrics))]);
        TableColumn Same(string name) => Column(name, metrics => metrics.Numbers(name));
        return StudyTables.Of(
            ("curves", StudyTable.Of(
                "a row for each run and evaluated step",
                TableColumn.Text("series", [.. all.SelectMany(each => each.Metrics.Rows.Select(_ => each.Series))]),
                TableColumn.Int64("seed", [.. all.SelectMany(each => each.Metrics.Rows.Select(_ => each.Run.Seed))]),
                TableColumn.Int64("step", [.. all.SelectMany(each => each.Metrics.Numbers("step")).Select(step => (long)step)]),
                Same("train_loss"),
                Same("test_loss"),
                Same("train_accuracy"),
                Same("test_accuracy"),
                Column("norm_w1", metrics => OverFirst(metrics.Numbers("weight_norm_w1"))),
                Column("norm_w2", metrics => OverFirst(metrics.Numbers("weight_norm_w2"))),
                Column("rms", metrics => OverFirst(metrics.Numbers("rms_weight"))),
                Same("gradient_norm_w1"),
                Same("gradient_norm_w2"))),
            ("outcomes", DynamicsOutcomes.Of([.. all.Select(each => (each.Series, each.Run.Seed, each.Run.Modulus, each.Run.Experiment.Optimiser.LearningRate, each.Metrics))])));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) => DynamicsOutcomes.Judge(tables["outcomes"]);

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] curves = [.. tables["curves"].Rows];
        StudyRow[] outcomes = [.. tables["outcomes"].Rows];
        double chance = 1 / outcomes[0].Number("modulus");
        StudyRow[] fast = [.. curves.Where(row => row.Text("series") == "fast")];
        StudyRow[] slow = [.. curves.Where(row => row.Text("series") == "slow")];
        double Rate(string series) => outcomes.First(row => row.Text("series") == series).Number("learning_rate");
        ImmutableArray<Mark> Of(StudyRow[] rows, string column, Look look, double stretch = 1) =>
            Seeds.Marks(rows.Select(row => new Point(row.Number("step") * stretch, row.Number(column))), look);
        ImmutableArray<Mark> lines = [.. Milestones(outcomes, "fast")];
        Axis steps = new($"step, learning rate {Ticks.Text(Rate("fast"))}", 0, fast.Max(row => row.Number("step")), false);
        Axis slowSteps = new($"step, learning rate {Ticks.Text(Rate("slow"))}", 0, slow.Max(row => row.Number("step")), false);
        var shares = new Axis("", 0, 1.04, false);
        ImmutableArray<LegendEntry> both = [new("train", Train), new("test", Test)];
        ImmutableArray<LegendEntry> layers = [new("first layer", Train), new("second layer", Test)];
        Axis Room(StudyRow[] rows, bool logarithmic, params string[] columns) =>
            Axis.Around("", columns.SelectMany(column => rows.Select(row => row.Number(column))), logarithmic);
        return new Figure(
            Id,
            Title,
            $"x + y mod {outcomes[0].Number("modulus")} under full-batch gradient descent. {Seeds.Words(outcomes)} Upright lines: medians of the steps at which 95 % of the training "
            + "set (left) and of the test set (right) are right. (a) Loss; the dotted line is that of a network whose output is zero. (b) Norms of both layers over their first values. "
            + "(c) Accuracy. (d) Norms of the gradients. (e) The same network at a third of the rate. (f) Test accuracy of both against rate × step: only the clock changes.",
            Described(outcomes),
            [
                new("(a) loss", steps, Room(fast, true, "train_loss", "test_loss"), [new Level(chance, "zero output 1/p"), .. lines, .. Of(fast, "train_loss", Train), .. Of(fast, "test_loss", Test)], both),
                new("(b) weight norms / first values", steps, Room(fast, false, "norm_w1", "norm_w2") with { From = 0 }, [.. lines, .. Of(fast, "norm_w1", Train), .. Of(fast, "norm_w2", Test)], layers),
                new("(c) accuracy", steps, shares, [new Level(chance, "chance 1/p"), .. lines, .. Of(fast, "train_accuracy", Train), .. Of(fast, "test_accuracy", Test)], both),
                new("(d) gradient norms", steps, Room(fast, true, "gradient_norm_w1", "gradient_norm_w2"), [.. lines, .. Of(fast, "gradient_norm_w1", Train), .. Of(fast, "gradient_norm_w2", Test)], layers),
                new("(e) accuracy", slowSteps, shares, [new Level(chance, "chance 1/p"), .. Milestones(outcomes, "slow"), .. Of(slow, "train_accuracy", Train), .. Of(slow, "test_accuracy", Test)], both),
                new("(f) test accuracy", steps with { Label = "learning rate × step", To = steps.To * Rate("fast") }, shares,
                    [.. Of(fast, "test_accuracy", Test, Rate("fast")), .. Of(slow, "test_accuracy", Palette.At(2), Rate("slow"))],
                    [new($"rate {Ticks.Text(Rate("fast"))}", Test), new($"rate {Ticks.Text(Rate("slow"))}", Palette.At(2))]),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }

    private static IEnumerable<Mark> Milestones(StudyRow[] outcomes, string series)
    {
        double[] Steps(string column) => [.. outcomes.Where(row => row.Text("series") == series).Select(row => row.Number(column))];
        return new[] { Numeral.Median(Steps("memorised_step")), Numeral.Median(Steps("grokked_step")) }
            .Where(double.IsFinite)
            .Select(step => new Moment(step, "", 0));
    }

    private static double[] OverFirst(double[] values) => [.. values.Select(value => value / values[0])];

    private static string Described(StudyRow[] outcomes)
    {
        string Times(string series) => $"memorised at step {Numeral.Range([.. Column(series, "memorised_step")])}, grokked at step {Numeral.Range([.. Column(series, "grokked_step")])}";
        IEnumerable<double> Column(string series, string column) => outcomes.Where(row => row.Text("series") == series).Select(row => row.Number(column));
        return "Six charts over training steps: loss, weight norms, accuracy and gradient norms at the larger learning rate, accuracy at the smaller one, and test accuracy of both against rate times step. "
            + $"Larger rate: {Times("fast")}. Smaller rate: {Times("slow")}. The test loss rises slightly above the loss of a zero output before it falls.";
    }
}
