using System.Collections.Immutable;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Measures;

// p modulus, (a, b) operands, c class

/// <summary>
/// Circuit efficiency (arXiv 2309.02390): what parameter norm the network has for which logit of the right class, and how much of it generalises. Logits are
/// taken without their mean over the classes, which no answer depends on.
/// </summary>
internal sealed class CircuitExplainer : IExplainer
{
    private readonly Setup setup;
    private readonly LogitTable table;

    internal CircuitExplainer(Setup setup)
    {
        this.setup = setup;
        table = setup.AllPairs();
    }

    public ImmutableArray<string> Columns { get; } =
    [
        "circuit_parameter_norm", "circuit_train_logit", "circuit_test_logit", "circuit_trigonometric_share", "circuit_generalising_logit", "circuit_memorising_logit",
    ];

    public ImmutableArray<double> Of(Specimen now)
    {
        var logits = table.Of(now.Weights.And(now.Statistics));
        var span = TrigonometricSpan.Of(setup.Modulus(), logits);
        var (train, generalising) = (MeanLogit(logits, setup.Split.Train), span.GeneralisingLogit(span.Frequencies));
        return
        [
            Norms.Frobenius(now.Weights), train, MeanLogit(logits, setup.Split.Test), span.Share(span.Frequencies), generalising, train - generalising,
        ];
    }

    public void Dispose() => table.Dispose();

    private double MeanLogit(Dense logits, ImmutableArray<int> among)
    {
        var (p, classes, sum) = (setup.Modulus(), logits.Shape[1], 0.0);
        foreach (var pair in among)
        {
            var row = logits.Span.Slice(pair * classes, p);
            var mean = 0.0;
            foreach (var value in row)
            {
                mean += value / p;
            }

            sum += row[setup.Split.Labels[pair]] - mean;
        }

        return sum / among.Length;
    }
}

/// <summary>
/// Restricted and excluded loss (arXiv 2301.05217). The key frequencies are those that hold <see cref="KeyShare"/> of the power that the logits at hand have in waves
/// of a + b [our choice: the source takes those of the trained network's neurons, which are not known while it trains].
/// </summary>
internal sealed class RestrictedLossExplainer : IExplainer
{
    internal const double KeyShare = 0.95;

    private readonly int modulus;
    private readonly double trainShare;
    private readonly LogitTable table;
    private readonly TableLoss train;
    private readonly TableLoss test;

    internal RestrictedLossExplainer(Setup setup)
    {
        var split = setup.Split;
        modulus = setup.Modulus();
        trainShare = split.Train.Length / (double)split.Data.Count;
        table = setup.AllPairs();
        train = new(setup.Loss, table.Classes, split.Labels, split.Train);
        test = new(setup.Loss, table.Classes, split.Labels, split.Test);
    }

    public ImmutableArray<string> Columns { get; } =
    [
        "key_frequencies", "restricted_loss", "restricted_train_loss", "restricted_test_loss", "excluded_train_loss", "excluded_strongest_train_loss",
    ];

    public ImmutableArray<double> Of(Specimen now)
    {
        var span = TrigonometricSpan.Of(modulus, table.Of(now.Weights.And(now.Statistics)));
        var keys = span.Strongest(KeyShare);
        var restricted = span.Restricted(keys);
        var (onTrain, onTest) = (train.Of(restricted), test.Of(restricted));
        return
        [
            keys.Length,
            (trainShare * onTrain) + ((1 - trainShare) * onTest),
            onTrain,
            onTest,
            train.Of(span.Excluded(keys)),
            train.Of(span.Excluded([.. keys.Take(1)])),
        ];
    }

    public void Dispose()
    {
        table.Dispose();
        train.Dispose();
        test.Dispose();
    }
}

/// <summary>The table of all pairs.</summary>
internal static class Tables
{
    /// <summary>p.</summary>
    internal static int Modulus(this Setup setup) => setup.Split.Data.Task.Modulus.Value;

    /// <summary>The network on all pairs of operands; the task is defined at every one.</summary>
    internal static LogitTable AllPairs(this Setup setup) =>
        new(setup.Start.Network, Samples.Of(setup.Split, [.. Enumerable.Range(0, setup.Split.Data.Count)]), setup.Threads);
}
