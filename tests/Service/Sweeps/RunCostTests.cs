using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Sweeps;

namespace Grokking.Service.Sweeps;

/// <summary>What is left of a run: steps, and the evaluations that the schedule still asks for.</summary>
public class RunCostTests
{
    [Fact]
    public void Evaluations_of_the_beginning_count_as_they_come()
    {
        // Ten to a decade: 30 up to step 1,000, of which 20 are behind step 100.
        RunCost cost = new(1000, PerStep: 2, PerEvaluation: 7, new EvaluationSchedule(null, 10));
        Assert.Equal((1000 * 2) + (30 * 7), cost.Whole, 1e-9);
        Assert.Equal((900 * 2) + (10 * 7), cost.After(100), 1e-9);
    }

    [Fact]
    public void Both_rules_of_the_schedule_count() =>
        Assert.Equal((900 * 2) + ((18 + 10) * 7), new RunCost(1000, 2, 7, new EvaluationSchedule(50, 10)).After(100), 1e-9);

    [Theory]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Nothing_is_left_at_the_end(long step) => Assert.Equal(0, new RunCost(1000, 2, 7, new EvaluationSchedule(50, 10)).After(step));

    /// <summary>A cost is read off the canonical form, in which the network is one section; here the whole experiment is read.</summary>
    [Fact]
    public void The_cost_of_each_preset_is_that_of_the_experiment_that_it_means()
    {
        // One preset is there to be refused.
        Experiment[] experiments = [.. ExperimentCatalogue.Default.Presets.Select(preset => ConfigurationText.Read(ExperimentCatalogue.Default.Preset(preset.Name).OrThrow()).Experiment).OfType<Experiment>()];
        Assert.True(experiments.Length > 5);
        Assert.All(experiments, experiment =>
        {
            double multiplyAdds = ExperimentData.Network(experiment, experiment.Task.Operands).MultiplyAdds, samples = Math.Pow(experiment.Task.Modulus, experiment.Task.Operands);
            double train = samples * Math.Max(experiment.TrainFraction, experiment.Later?.TrainFraction ?? 0);
            int forward = experiment.OutputScale is null ? 1 : 2;
            RunCost cost = RunCost.Of(experiment);
            Assert.Equal((experiment.Budget.Steps, experiment.Evaluation), (cost.Steps, cost.Schedule));
            Assert.Equal((2 + forward) * (experiment.BatchSize ?? train) * multiplyAdds, cost.PerStep);
            Assert.Equal(forward * (experiment.BatchSize is null ? samples - train : samples) * multiplyAdds, cost.PerEvaluation);
        });
    }
}
