// p modulus, K operands, α training fraction, B samples of a step, T test samples, M training samples
using Grokking.Host.Configuration;
using Grokking.Networks;

namespace Grokking.Host.Sweeps;

/// <summary>
/// What a run costs at most, in multiply-adds of its matrix products: for each sample of a step three times what its logits cost, and for an
/// evaluation what the logits of the T test samples cost, with those of the M training samples where a step does not see them all. Good for
/// comparing runs, and with a measured speed for a guess of the time.
/// </summary>
/// <param name="Steps">Steps of the budget.</param>
/// <param name="PerStep">Operations of a step, with its share of the evaluations.</param>
internal sealed record RunCost(long Steps, double PerStep)
{
    /// <summary>The cost of an experiment.</summary>
    public static RunCost Of(Experiment experiment)
    {
        int operands = ExperimentData.Task(experiment).OrThrow().OperandCount;
        INetwork network = ExperimentData.Network(experiment, operands);
        double samples = Math.Pow(experiment.Task.Modulus, operands);
        double train = samples * Math.Max(experiment.TrainFraction, experiment.Later?.TrainFraction ?? 0);
        long steps = experiment.Budget.Steps;
        // A network whose output is scaled goes forward twice: the output of the start has no gradient.
        int forward = experiment.OutputScale is null ? 1 : 2;
        double step = (2 + forward) * (experiment.BatchSize ?? train) * network.MultiplyAdds;
        double evaluation = forward * (experiment.BatchSize is null ? samples - train : samples) * network.MultiplyAdds;
        return new(steps, step + (evaluation * experiment.Evaluation.Count(steps) / Math.Max(1, steps)));
    }

    /// <summary>Operations of the whole run.</summary>
    public double Whole => Steps * PerStep;
}

/// <summary>The costs of points, each worked out once.</summary>
internal sealed class RunCosts
{
    private readonly Dictionary<string, RunCost> known = [];

    /// <summary>The cost of each run of a point.</summary>
    public RunCost Of(SweepPoint point)
    {
        if (!known.TryGetValue(point.Configuration, out RunCost? cost))
            known.Add(point.Configuration, cost = RunCost.Of(point.Settings()));
        return cost;
    }
}
