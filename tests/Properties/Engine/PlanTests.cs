using Grokking.Engine;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Training;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Properties.Engine;

/// <summary>What a plan does when: before a pass, in it, or after it.</summary>
public class PlanTests
{
    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Products_over_few_rows_wait_for_all_of_them(int samples, bool waits)
    {
        var plan = Planner.Plan(Step(samples));
        var (once, perTile) = (Sums(plan.Stages.SelectMany(stage => stage.Once).SelectMany(round => round)), Sums(plan.Stages.SelectMany(stage => stage.PerTile)));
        Assert.Equal(waits ? (3, 0) : (0, 3), (once, perTile));
    }

    [Fact]
    public void The_optimiser_works_through_one_weight_at_a_time()
    {
        // Both hidden layers have the same shape.
        var chains = Planner.Plan(Step(64)).Stages.SelectMany(stage => stage.Once).SelectMany(round => round).OfType<Chain>();
        Assert.All(chains, chain => Assert.InRange(chain.Links.Count(link => link.Store?.Region == Region.Next), 0, 3));
    }

    private static int Sums(IEnumerable<Instruction> instructions) => instructions.Count(instruction => instruction is Application { Primitive: MatMul { TransposeLeft: true } });

    private static Computation Step(int samples)
    {
        var optimiser = new AdamW { LearningRate = 1e-3, WeightDecay = 1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 };
        var network = new MultilayerPerceptron(7, 2, 2, 16) { Input = PerceptronInput.Summed };
        return Tracing.Step(GoldenRun.Paths[0].Recipe with { Network = network, Loss = new Loss.CrossEntropy(), Optimiser = optimiser }, 2, 7, samples);
    }
}
