using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>Runs are of one family where what differs is an input of the compiled step.</summary>
[Properties(Arbitrary = [typeof(Runs)])]
public class KinshipTests
{
    [Property(MaxTest = 60)]
    public void Rates_decays_schedules_scales_and_samples_do_not_divide_runs(AnyRun any, byte rate, byte decay)
    {
        var other = any.Recipe with
        {
            Optimiser = any.Recipe.Optimiser with { LearningRate = 1e-4 * (1 + rate), WeightDecay = 0.01 * decay },
            Schedule = new Schedule(5) { WarmupFrom = 0 },
            InitialScale = 1.5,
            WeightNorm = any.Recipe.WeightNorm is null ? null : 1 + decay,
        };
        var kinship = new Kinship();

        Assert.Equal(kinship.Of(any.Recipe, any.Train, any.Test), kinship.Of(other, Turned(any.Train), Turned(any.Test)));
    }

    [Property(MaxTest = 40)]
    public void Other_numbers_of_samples_do(AnyRun any)
    {
        if (any.Train.Count == any.Test.Count || any.Recipe.BatchSize == any.Train.Count)
        {
            return;
        }

        var kinship = new Kinship();
        Assert.NotEqual(kinship.Of(any.Recipe, any.Train, any.Test), kinship.Of(any.Recipe, Without(any.Train), any.Test));
        Assert.NotEqual(kinship.Of(any.Recipe, any.Train, any.Test), kinship.Of(any.Recipe, any.Train, any.Train));
    }

    [Fact]
    public void Whatever_else_is_another_formula_divides_them()
    {
        var network = new QuadraticNetwork(5, 2, 4);
        var adamW = new AdamW { LearningRate = 0.01, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 };
        var first = new Recipe(network, new Loss.MeanSquaredError(), adamW, Schedule.Constant, null);
        Recipe[] others =
        [
            first with { Network = network with { Width = 5 } },
            first with { Loss = new Loss.CrossEntropy() },
            first with { Optimiser = new Adam { LearningRate = 0.01, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 } },
            first with { Optimiser = adamW with { Decayed = WeightGroups.Biases } },
            first with { BatchSize = 4 },
            first with { BatchSize = 5 },
            first with { BatchSize = 4, EndsEpochs = true },
            first with { WeightNorm = 3 },
            first with { Filters = [new GrokfastMa { Window = 2 }] },
        ];
        var (train, test) = (GoldenRun.Train, GoldenRun.Test);
        var kinship = new Kinship();

        int[] families = [.. new[] { first }.Concat(others).Select(recipe => kinship.Of(recipe, train, test))];

        Assert.Equal(families.Length, families.Distinct().Count());
        Assert.Equal(families, new[] { first }.Concat(others).Select(recipe => kinship.Of(recipe, train, test)));
    }

    private static Samples Turned(Samples samples) => samples with { Operands = [.. samples.Operands.Select(operand => operand.Reverse().ToImmutableArray())], Labels = [.. samples.Labels.Reverse()] };

    private static Samples Without(Samples samples) => samples with { Operands = [.. samples.Operands.Select(operand => operand[1..])], Labels = samples.Labels[1..] };
}
