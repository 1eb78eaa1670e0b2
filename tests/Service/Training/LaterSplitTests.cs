using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Studies;
using Grokking.Host.Training;
using Grokking.Training;

namespace Grokking.Service.Training;

/// <summary>Samples that change in the course of a run.</summary>
public class LaterSplitTests
{
    private const long Takeover = 12;

    [Fact]
    public void It_trains_on_the_first_samples_up_to_the_step_and_on_the_others_from_it_on()
    {
        using var folder = new Folder();
        Experiment experiment = Changing("0.3");
        var directory = new RunDirectory(folder.File("run"));

        InterruptionTests.Sit(experiment, directory, threads: 1, interruptAt: null);

        DataSplit before = ExperimentData.Split(experiment).OrThrow();
        DataSplit after = ExperimentData.Later(experiment, before.Data)!.OrThrow();
        Recipe recipe = ExperimentData.Recipe(experiment, 2);
        using var first = new StepMachine(recipe, Samples.TrainOf(before), Samples.TestOf(before), experiment.Precision, 1);
        using var second = new StepMachine(recipe, Samples.TrainOf(after), Samples.TestOf(after), experiment.Precision, 1);
        first.Load(InitialState.Of(recipe, experiment.Precision, ExperimentData.Key(experiment)));
        var losses = new List<double>();
        for (; first.Step < Takeover; first.Advance(1))
            losses.Add(first.Evaluate(gradients: false).TrainLoss);
        second.Load(first.State);
        for (; second.Step <= experiment.Budget.Steps; second.Advance(1))
            losses.Add(second.Evaluate(gradients: false).TrainLoss);
        Assert.Equal(losses, RunFiles.Column(directory, "train_loss"));
    }

    [Fact]
    public void Many_steps_at_once_change_the_samples_at_the_same_step()
    {
        Experiment experiment = Changing("0.3");
        using Equipment one = Prepare(), other = Prepare();
        Equipment Prepare() => Equipment.Prepare(experiment, Engines.Own(1)).OrThrow();
        TrainState start = InitialState.Of(one.Recipe, experiment.Precision, ExperimentData.Key(experiment));
        one.Machine.Load(start);
        other.Machine.Load(start);

        one.Machine.Advance(Takeover + 8);
        for (int step = 0; step < Takeover + 8; step++)
            other.Machine.Advance(1);

        Assert.Equal(Takeover + 8, one.Machine.Step);
        Assert.Equal(other.Machine.State.Weights.Values.Select(weight => weight.Span.ToArray()), one.Machine.State.Weights.Values.Select(weight => weight.Span.ToArray()));
    }

    [Theory]
    [InlineData("0.3")]
    [InlineData("0.8")]
    public void The_smaller_training_set_is_a_part_of_the_larger_one(string later)
    {
        Experiment experiment = Changing(later);
        DataSplit before = ExperimentData.Split(experiment).OrThrow();
        DataSplit after = ExperimentData.Later(experiment, before.Data)!.OrThrow();

        Assert.NotEqual(before.Train.Length, after.Train.Length);
        Assert.Equal(Math.Min(before.Train.Length, after.Train.Length), before.Train.Intersect(after.Train).Count());
    }

    [Fact]
    public void The_table_of_samples_has_both_divisions()
    {
        using var folder = new Folder();
        Experiment experiment = Changing("0.3");
        var directory = new RunDirectory(folder.File("run"));

        InterruptionTests.Sit(experiment, directory, threads: 1, interruptAt: null);

        StudyTable samples = StudyTable.Open(directory.DataSet);
        DataSplit after = ExperimentData.Later(experiment, ExperimentData.All(experiment).OrThrow())!.OrThrow();
        Assert.Equal(after.IsTrain.Select(train => train ? "train" : "test"), samples.Texts("later_split"));
        Assert.Contains("train", samples.Texts("split"));
    }

    private static Experiment Changing(string fraction) => ConfigurationText.Read($$"""
        { "name": "changing", "task": { "operation": "x + y", "modulus": 7 }, "split": { "trainFraction": 0.6, "later": { "fromStep": {{Takeover}}, "trainFraction": {{fraction}} } },
          "network": { "kind": "quadratic", "width": 8 }, "optimiser": { "kind": "adamW", "learningRate": 0.01, "betas": [0.9, 0.98], "epsilon": 1e-10 }, "budget": { "steps": 30 }, "evaluation": { "every": 1 } }
        """).Experiment!;
}
