using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Pku;

/// <summary>E3: the perceptron of Task 2. The program's is given the token = and nothing else; ours sees its operands.</summary>
internal sealed class Perceptron : PkuStudy
{
    private const string Coded = "as coded";
    private const string Adam = "as reported, Adam";
    private const string AdamW = "as reported, AdamW";

    /// <inheritdoc/>
    public override string Name => "pku/e3-perceptron";

    /// <inheritdoc/>
    public override string Title => "E3, Fig. 4: a perceptron that sees nothing learns nothing; one that sees its operands memorises";

    /// <inheritdoc/>
    public override string Claim => "The figure is called grokking of an MLP and shows accuracies of one in a hundred for 300,000 steps. In the program the perceptron is applied to each token by itself and read at =, "
        + "so that its answer is the same for all samples: what it learns is how often each label occurs.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e3-perceptron-coded", "pku/e3-perceptron-reported"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => run.Series switch { "adam" => Adam, "adamW" => AdamW, _ => Coded };

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        Verdict.Within("training loss at the end, as coded", Values(tables, Coded, "train_loss"), 4.565, 4.573),
        Verdict.Within("test loss at the end, as coded", Values(tables, Coded, "test_loss"), 4.583, 4.599),
        Verdict.Within("training accuracy at the end, as coded", Values(tables, Coded, "train_accuracy"), 0.0109, 0.0149),
        Verdict.Within("test accuracy at the end, as coded", Values(tables, Coded, "test_accuracy"), 0.0057, 0.0097),
        Verdict.Within(
            "training loss at the end minus that of the labels' shares, as coded",
            Values(tables, Coded, "train_loss").Zip(Values(tables, Coded, "marginal_train_loss"), (loss, marginal) => loss - marginal),
            -1e-4,
            1e-3),
        Verdict.Within("best training accuracy of a perceptron that sees its operands, Adam", Values(tables, Adam, "best_train_accuracy"), 0.99, 1),
        Verdict.Reported("best test accuracy of a perceptron that sees its operands, Adam without decay", Numeral.Range(Values(tables, Adam, "best_test_accuracy"))),
        Verdict.Reported("steps to 98.5 % of the test set, AdamW with decay 1", Numeral.Range(Values(tables, AdamW, "test_reached"))),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"p = 97, half of the table, batches of 512. {SeedWords(tables)} The dotted line is reached by a predictor that knows how often each label occurs, and nothing else. As coded the label is x·y; the others learn true division.",
        Ends(tables),
        [.. SeriesIn(tables).SelectMany(series => Both(tables, series))])
    {
        Width = 900,
        Columns = 2,
    };
}

/// <summary>E4: the LSTM of Task 2. The program's fails for more than five samples; ours walks along the tokens.</summary>
internal sealed class Recurrent : PkuStudy
{
    private const string Adam = "Adam";
    private const string AdamW = "AdamW";

    /// <inheritdoc/>
    public override string Name => "pku/e4-recurrent";

    /// <inheritdoc/>
    public override string Title => "E4, Fig. 5: an LSTM that walks along the tokens";

    /// <inheritdoc/>
    public override string Claim => "The figure is called grokking of an LSTM and lies on what a predictor reaches that looks at no operand: training loss 4.5703, accuracy 0.0124. The program as committed indexes positions "
        + "by the batch and fails at its own batch size, so the figure came from other code.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e4-recurrent-reported"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => run.Series == "adam" ? Adam : AdamW;

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        Verdict.Within("training loss of a predictor that knows the labels' shares; the figure's curve is at 4.5703", Values(tables, Adam, "marginal_train_loss"), 4.565, 4.574),
        Verdict.Within("its training accuracy; the figure's is 0.0124", Values(tables, Adam, "marginal_train_accuracy"), 0.0109, 0.0149),
        Verdict.Within("best training accuracy of an LSTM that walks along the tokens, Adam", Values(tables, Adam, "best_train_accuracy"), 0.99, 1),
        Verdict.Reported("best test accuracy, Adam without decay", Numeral.Range(Values(tables, Adam, "best_test_accuracy"))),
        Verdict.Reported("best test accuracy, AdamW with decay 1", Numeral.Range(Values(tables, AdamW, "best_test_accuracy"))),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"x / y mod 97, half of the table, two layers of width 128, batches of 512; 20,000 of the source's 300,000 steps. {SeedWords(tables)} The dotted line, where the source's curve lies, is reached by a predictor that knows how often each label occurs.",
        Ends(tables),
        [.. SeriesIn(tables).SelectMany(series => Both(tables, series))])
    {
        Width = 900,
        Columns = 2,
    };
}
