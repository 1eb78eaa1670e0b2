using Grokking.Host.Configuration;
using Grokking.Measures;
using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>
/// What is known of a run's course from its evaluations so far: an immutable fold, stored in every checkpoint, so that a resumed run
/// knows what the uninterrupted one would.
/// </summary>
/// <param name="FirstTrainLoss">The training loss at step 0.</param>
/// <param name="FirstTestLoss">The test loss at step 0.</param>
/// <param name="Step">The step of the last evaluation; −1 before the first.</param>
/// <param name="TrainLoss">The training loss at the last evaluation.</param>
/// <param name="TrainAccuracy">The training accuracy there.</param>
/// <param name="TestLoss">The test loss there.</param>
/// <param name="TestAccuracy">The test accuracy there.</param>
/// <param name="Milestones">When accuracies passed their marks.</param>
/// <param name="Target">When the test accuracy passed the budget's target; null where it has none.</param>
internal sealed record Course(
    double FirstTrainLoss,
    double FirstTestLoss,
    long Step,
    double TrainLoss,
    double TrainAccuracy,
    double TestLoss,
    double TestAccuracy,
    Milestones Milestones,
    Crossing? Target)
{
    /// <summary>The spikes of the training loss at the evaluations; null in a run that was begun when nobody looked for them.</summary>
    public SpikeDetector? Spikes { get; init; }

    /// <summary>Whether what was grokked was lost again.</summary>
    public Collapse Collapse { get; init; } = Collapse.None;

    /// <summary>Before the first evaluation.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="spikes">What looks for spikes.</param>
    public static Course Begin(Budget budget, SpikeDetector spikes) => new(
        double.NaN,
        double.NaN,
        -1,
        double.NaN,
        double.NaN,
        double.NaN,
        double.NaN,
        Milestones.None,
        budget.TestAccuracy is { } level ? new Crossing(level) : null)
    {
        Spikes = spikes,
    };

    /// <summary>What is known after one more evaluation.</summary>
    public Course Observe(long step, Evaluation evaluation) => new(
        Step < 0 ? evaluation.TrainLoss : FirstTrainLoss,
        Step < 0 ? evaluation.TestLoss : FirstTestLoss,
        step,
        evaluation.TrainLoss,
        evaluation.TrainAccuracy,
        evaluation.TestLoss,
        evaluation.TestAccuracy,
        Milestones.Observe(step, evaluation.TrainAccuracy, evaluation.TestAccuracy),
        Target?.Observe(step, evaluation.TestAccuracy))
    {
        Spikes = Spikes?.Observe(step, evaluation.TrainLoss).Evaluated(evaluation.TestLoss, evaluation.TrainAccuracy, evaluation.TestAccuracy),
        Collapse = Collapse.Observe(step, evaluation.TestAccuracy),
    };

    /// <summary>Why training ends here; null where it goes on.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="budget">The budget.</param>
    public StopReason? End(long step, Budget budget) =>
        Step >= 0 && (Divergence.IsReached(FirstTrainLoss, TrainLoss) || Divergence.IsReached(FirstTestLoss, TestLoss))
            ? new StopReason.Diverged(Step)
        : Target?.Sustained is not null ? new StopReason.TargetReached(Step)
        : step >= budget.Steps ? new StopReason.BudgetSpent()
        : null;
}
