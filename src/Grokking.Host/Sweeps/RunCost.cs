// p modulus, K operands, α training fraction, B samples of a step, T test samples, M training samples
using System.Collections.Concurrent;
using Grokking.Host.Configuration;
using Grokking.Networks;

namespace Grokking.Host.Sweeps;

/// <summary>
/// What a run costs at most, in multiply-adds of its matrix products: for each sample of a step three times what its logits cost, and for an
/// evaluation what the logits of the T test samples cost, with those of the M training samples where a step does not see them all. Good for
/// comparing runs, and with a measured speed for a guess of the time.
/// </summary>
/// <param name="Steps">Steps of the budget.</param>
/// <param name="PerStep">Operations of a step.</param>
/// <param name="PerEvaluation">Operations of an evaluation.</param>
/// <param name="Schedule">At which steps there is one: often at first, where it goes by decades.</param>
internal sealed record RunCost(long Steps, double PerStep, double PerEvaluation, EvaluationSchedule Schedule)
{
    /// <summary>The cost of an experiment.</summary>
    public static RunCost Of(Experiment experiment)
    {
        int operands = ExperimentData.Task(experiment).OrThrow().OperandCount;
        INetwork network = ExperimentData.Network(experiment, operands);
        double samples = Math.Pow(experiment.Task.Modulus, operands);
        double train = samples * Math.Max(experiment.TrainFraction, experiment.Later?.TrainFraction ?? 0);
        // A network whose output is scaled goes forward twice: the output of the start has no gradient.
        int forward = experiment.OutputScale is null ? 1 : 2;
        double step = (2 + forward) * (experiment.BatchSize ?? train) * network.MultiplyAdds;
        double evaluation = forward * (experiment.BatchSize is null ? samples - train : samples) * network.MultiplyAdds;
        return new(experiment.Budget.Steps, step, evaluation, experiment.Evaluation);
    }

    /// <summary>Operations of the whole run.</summary>
    public double Whole => After(0);

    /// <summary>Operations of what is left after a step.</summary>
    public double After(long step) => (StepsAfter(step) * PerStep) + (EvaluationsAfter(step) * PerEvaluation);

    /// <summary>How many steps are left after a step.</summary>
    public long StepsAfter(long step) => Math.Max(0, Steps - step);

    /// <summary>About how many evaluations are left after a step.</summary>
    public double EvaluationsAfter(long step) => Math.Max(0, Schedule.Count(Steps) - Schedule.Count(step));
}

/// <summary>The costs of points, each worked out once.</summary>
internal sealed class RunCosts
{
    private readonly ConcurrentDictionary<string, RunCost> known = new(StringComparer.Ordinal);

    /// <summary>The costs of many points, worked out on all processors.</summary>
    public static RunCosts Of(IEnumerable<SweepPoint> points)
    {
        var costs = new RunCosts();
        points.AsParallel().ForAll(point => costs.Of(point));
        return costs;
    }

    /// <summary>The cost of each run of a point.</summary>
    public RunCost Of(SweepPoint point) => known.GetOrAdd(point.Configuration, _ => RunCost.Of(point.Settings()));
}
