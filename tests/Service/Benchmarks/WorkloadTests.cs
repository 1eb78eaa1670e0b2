using Grokking.Host.Benchmarks;
using Grokking.Host.Checkpoints;
using Grokking.Training;

namespace Grokking.Service.Benchmarks;

/// <summary>What is timed, and what other programs are given to do the same.</summary>
public class WorkloadTests
{
    [Theory]
    [InlineData("w1", 1357.6)]
    [InlineData("w1-evaluation", 1827.9)]
    [InlineData("w1b-evaluation", 1827.9)]
    public void A_step_is_charged_with_the_least_arithmetic_that_can_do_it(string name, double millions)
    {
        Workload workload = Workload.Table.Single(workload => workload.Name == name);

        Assert.Equal(millions, workload.Operations(train: 4610, test: 4799) / 1e6, 0.05);
    }

    [Fact]
    public void The_sizes_of_the_scaling_table_include_the_flagship()
    {
        Assert.Contains(Workload.Scaling, workload => workload with { Name = "w1" } == Workload.Flagship);
        Assert.Equal([47, 97, 149, 211], Workload.Scaling.Where(workload => workload.Width == 500).Select(workload => workload.Modulus));
        Assert.Equal([128, 256, 500, 512, 1024, 2048], Workload.Scaling.Where(workload => workload.Modulus == 97).Select(workload => workload.Width).Order());
    }

    [Fact]
    public void A_starting_point_holds_the_samples_and_the_first_weights()
    {
        Workload workload = Workload.Table[2] with { Modulus = 11, Width = 6 };
        using var folder = new Folder();
        StartingPoint.Write(workload, folder.File("start.safetensors"));
        SafetensorsFile file = SafetensorsFile.Read(folder.File("start.safetensors"));

        Assert.Equal(121, file["train_label"].ElementCount + file["test_label"].ElementCount);
        foreach (string side in new[] { "train", "test" })
        {
            Assert.Equal(
                file[$"{side}_label"].Values<int>(),
                file[$"{side}_x1"].Values<int>().Zip(file[$"{side}_x2"].Values<int>(), (x, y) => (x + y) % 11));
        }

        Samples samples = Samples.TrainOf(workload.Split());
        using var trainer = new Trainer(workload.Recipe, samples, samples, Precision.Single, threads: 1);
        TrainState state = trainer.Start(Workload.Key);
        Assert.Equal(state.Weights["w1"].Values.ToArray().Select(value => (float)value), file["w1"].Values<float>());
        Assert.Equal(state.Weights["w2"].Values.ToArray().Select(value => (float)value), file["w2"].Values<float>());
        Assert.Equal(("adamW", "0.05", "1E-10"), (file.Metadata["optimiser"], file.Metadata["learning_rate"], file.Metadata["epsilon"]));
    }

    [Fact]
    public void A_spread_is_the_middle_and_the_ends()
    {
        Assert.Equal(new Spread(3, 1, 9, 3), Spread.Of([9, 1, 3]));
        Assert.Equal(new Spread(4, 1, 9, 4), Spread.Of([9, 3, 1, 5]));
        Assert.Equal(new Spread(6, 2, 18, 3), Spread.Of([9, 1, 3]).Times(2));
    }
}
