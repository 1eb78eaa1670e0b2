using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>Dropout is randomness as a value: a pure function of key, step, layer and place. That runs with it resume and thread alike is among <see cref="TrainerLaws"/>.</summary>
[Properties(Arbitrary = [typeof(Keys)])]
public sealed class DropoutTests
{
    /// <summary>Deviations that a statistic may lie off: once in 10¹⁵ keys by chance.</summary>
    private const double Deviations = 8;

    [Property(MaxTest = 40)]
    public void The_share_that_is_dropped_is_the_rate_and_the_mean_stays(AnyKey key, byte percent)
    {
        const int count = 20_000;
        var rate = percent % 100 / 100.0;
        var factors = Tensor.Survivors<Dense>(Draws.Of(key.Key), 0, Shape.Of(count), rate);
        Assert.Empty(factors.Span.ToArray().Where(factor => factor != 0).Distinct().Skip(1));
        Assert.Equal(rate, factors.Span.ToArray().Count(factor => factor == 0) / (double)count, Deviations * Math.Sqrt(rate * (1 - rate) / count));
        Assert.Equal(1, factors.Span.ToArray().Average(), Deviations * Math.Sqrt(rate / (1 - rate) / count) + 1e-12);
    }

    [Property(MaxTest = 10)]
    public void What_is_left_is_the_value_in_the_mean(AnyKey key)
    {
        const int steps = 4000;
        var x = Dense.Of(Shape.Of(2, 3), -2, -1, -0.5, 0, 1, 3);
        var sum = Enumerable.Range(0, steps).Select(step => Functions.Dropout(x, 0.25, Draws.Of(key.Key.Split((ulong)step)), 0)).Aggregate((a, b) => a + b);
        for (var i = 0; i < x.Shape.Count; i++)
        {
            Assert.Equal(x.Span[i], sum.Span[i] / steps, Deviations * Math.Abs(x.Span[i]) * Math.Sqrt(0.25 / 0.75 / steps));
        }
    }

    [Property(MaxTest = 40)]
    public void Steps_layers_and_neighbours_are_dropped_independently(AnyKey key)
    {
        const int count = 20_000;
        double[] Signs(RandomKey drawn, int layer, int start)
        {
            var values = new double[count];
            new Survivors(Draws.Of(drawn), layer, Shape.Of(count), 0.5).Write(drawn, 2.0, values, (ulong)start);
            return [.. values.Select(value => value - 1)];
        }

        var step = key.Key.Split(0UL);
        var first = Signs(step, 0, 0);
        foreach (var other in new[] { Signs(key.Key.Split(1UL), 0, 0), Signs(step, 1, 0), Signs(step, 0, 1), Signs(step, 0, 2), Signs(step, 0, 4) })
        {
            Assert.Equal(0, first.Zip(other, (a, b) => a * b).Average(), Deviations / Math.Sqrt(count));
        }
    }

    [Property(MaxTest = 40)]
    public void Factors_are_the_same_in_tiles_of_any_size_on_any_number_of_threads(AnyKey key, byte width, byte samples)
    {
        var shape = Shape.Of(300 + samples, 1 + (width % 40));
        var defined = Tensor.Survivors<Dense>(Draws.Of(key.Key), 3, shape, 0.25);
        var formula = Tensor.Survivors<Expression>(Draws.Input("draws"), 3, shape, 0.25);
        foreach (var threads in new[] { 1, 3 })
        {
            using var workers = new Workers(threads);
            using var program = new CpuProgram<double>(Planner.Plan(new([("y", formula)], [], shape[0])), workers);
            program.SetKey("draws", key.Key);
            program.Run();
            Assert.Equal(8, program.Plan.Tiling.Shards);
            Assert.Equal(defined.Span.ToArray(), program.Output("y").Span.ToArray());
        }
    }

    [Property(MaxTest = 20)]
    public void Evaluation_is_without_dropout(AnyKey key)
    {
        using var with = new Trainer(Recipe(0.4), GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        using var without = new Trainer(Recipe(0), GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        var state = with.Run(with.Start(key.Key), 3);
        var (expected, actual) = (without.Evaluate(state, gradients: true), with.Evaluate(state, gradients: true));
        Assert.Equal(expected with { GradientNorms = [] }, actual with { GradientNorms = [] });
        Assert.All(expected.GradientNorms.Zip(actual.GradientNorms), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * (1 + pair.First)));
        Assert.NotEqual(without.Run(state, 1).Weights["w2"].Span.ToArray(), with.Run(state, 1).Weights["w2"].Span.ToArray());
    }

    [Fact]
    public void The_step_of_a_network_without_dropout_draws_nothing()
    {
        Assert.Empty(Planner.Plan(Tracing.Step(Recipe(0), 2, GoldenRun.Modulus, 16)).Draws);
        Assert.Equal([Tracing.StepDraws], Planner.Plan(Tracing.Step(Recipe(0.1), 2, GoldenRun.Modulus, 16)).Draws);
    }

    [Fact]
    public void Steps_and_evaluations_with_dropout_allocate_nothing()
    {
        using var machine = new StepMachine(Recipe(0.5), GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        machine.Load(InitialState.Of(Recipe(0.5), Precision.Single, RandomKey.FromSeed(0)));
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                machine.Advance(1);
                machine.Evaluate(gradients: false);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        Assert.Equal(0, Allocated());
    }

    [Fact]
    public void Draws_without_a_key_say_so()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Tensor.Survivors<Dense>(Draws.Input("later"), 0, Shape.Of(3), 0.5));
        Assert.Contains("'later' have no key yet", error.Message, StringComparison.Ordinal);
    }

    private static Recipe Recipe(double dropout) => new(
        GoldenRun.Network with { Dropout = dropout }, new Loss.MeanSquaredError(), new AdamW { LearningRate = 0.1, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 }, Grokking.Optimisers.Schedule.Constant, null);
}
