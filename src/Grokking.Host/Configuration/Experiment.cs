using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Configuration;

/// <summary>A complete, checked experiment: everything that decides what is trained, how, and what is recorded.</summary>
/// <remarks>Made by <see cref="ExperimentReader"/> only, so that whoever holds one need not check it again.</remarks>
internal sealed record Experiment
{
    /// <summary>The name, such as <c>gromov/fig1-gd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the experiment comes from; the empty string where nobody said so. Not part of the identity.</summary>
    public required string Source { get; init; }

    /// <summary>What is to be learnt.</summary>
    public required TaskSettings Task { get; init; }

    /// <summary>α, the fraction of all samples that is trained on, in (0, 1).</summary>
    public required double TrainFraction { get; init; }

    /// <summary>Another division of the samples that training goes on with; null where it keeps the first.</summary>
    public LaterSplit? Later { get; init; }

    /// <summary>Which labels are replaced by random ones.</summary>
    public required CorruptionSettings Corruption { get; init; }

    /// <summary>The network.</summary>
    public required INetwork Network { get; init; }

    /// <summary>What is made small.</summary>
    public required Loss Loss { get; init; }

    /// <summary>The rule of the steps.</summary>
    public required Optimiser Optimiser { get; init; }

    /// <summary>What changes the gradient before the rule sees it, one after the other.</summary>
    public required ImmutableArray<GradientFilter> Filters { get; init; }

    /// <summary>What is done to all weights together.</summary>
    public required WeightSettings Weights { get; init; }

    /// <summary>
    /// a, above 0: the network is trained as a (f(θ) − f(θ0)) at the learning rate over a² (arXiv 2310.06110), 1 included; null trains f(θ) itself.
    /// </summary>
    public double? OutputScale { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Samples per step; null is the whole training set.</summary>
    public required int? BatchSize { get; init; }

    /// <summary>Whether the last batch of an epoch is what is left of it; otherwise a batch may straddle two epochs.</summary>
    public bool EndsEpochs { get; init; }

    /// <summary>When training ends.</summary>
    public required Budget Budget { get; init; }

    /// <summary>When the network is evaluated.</summary>
    public required EvaluationSchedule Evaluation { get; init; }

    /// <summary>When checkpoints are written, beyond the first, the last, and at an interruption.</summary>
    public required CheckpointSettings Checkpoint { get; init; }

    /// <summary>What is measured beside losses and accuracies: names of <see cref="MeasureNames"/>.</summary>
    public required ImmutableArray<string> Measures { get; init; }

    /// <summary>The arithmetic of the engine.</summary>
    public required Precision Precision { get; init; }

    /// <summary>What all randomness of the run comes from.</summary>
    public required long Seed { get; init; }
}

/// <summary>The table that is to be learnt.</summary>
/// <param name="Operation">The formula, such as <c>x + y</c>.</param>
/// <param name="Modulus">p, at least 2.</param>
/// <param name="Operands">K, at least as many as the formula names.</param>
internal sealed record TaskSettings(string Operation, int Modulus, int Operands);

/// <summary>
/// The division of the samples from a step on. The samples that are trained on are the first so many of one order in both: a smaller training set is a part of the larger one.
/// </summary>
/// <param name="FromStep">Steps taken before it, at least 1.</param>
/// <param name="TrainFraction">α from then on, in (0, 1).</param>
internal sealed record LaterSplit(long FromStep, double TrainFraction);

/// <summary>Labels that are replaced by labels drawn uniformly from all p.</summary>
/// <param name="Fraction">The fraction of labels, in [0, 1]; 0 leaves all as they are.</param>
/// <param name="Everywhere">Whether test labels are replaced as well, or those of training samples only.</param>
internal sealed record CorruptionSettings(double Fraction, bool Everywhere);

/// <summary>What is done to all weights together.</summary>
/// <param name="InitialScale">What they are multiplied by at the start, above 0; 1 leaves them as they are.</param>
/// <param name="Norm">The Euclidean norm to which they are rescaled after each step, above 0; null leaves them where the step does.</param>
internal sealed record WeightSettings(double InitialScale, double? Norm)
{
    /// <summary>Nothing is done.</summary>
    public static WeightSettings Free { get; } = new(1, null);
}

/// <summary>When training ends.</summary>
/// <param name="Steps">Steps at most, at least 0.</param>
/// <param name="TestAccuracy">The test accuracy whose fifth evaluation in a row ends training earlier; null for no such end.</param>
internal sealed record Budget(long Steps, double? TestAccuracy);

/// <summary>When checkpoints are written.</summary>
/// <param name="EverySteps">Steps between two, at least 1; null for no such rule.</param>
/// <param name="EverySeconds">Seconds between two; null for no such rule.</param>
internal sealed record CheckpointSettings(long? EverySteps, double? EverySeconds);
