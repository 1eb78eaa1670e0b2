using System.Collections.Immutable;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>Filters within a run: for any run see <see cref="TrainerLaws"/>, whose recipes have them too.</summary>
public class FilteredRunTests
{
    private static readonly Recipe Plain = new(
        GoldenRun.Network, new Loss.MeanSquaredError(), new AdamW { LearningRate = 0.01, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 }, new(3), null);

    public static TheoryData<string> Kinds => [.. Declared.Kinds<GradientFilter>().Select(Declared.NameOf)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_resumed_run_has_the_bits_of_the_uninterrupted_one_wherever_it_was_interrupted(string kind)
    {
        var recipe = Plain with { Filters = [Of(kind)] };
        using var trainer = Trainer(recipe);
        var start = trainer.Start(RandomKey.FromSeed(1));
        var whole = trainer.Run(start, 9);
        for (var at = 0; at <= 9; at++)
        {
            using var first = Trainer(recipe);
            using var second = Trainer(recipe);
            Assert.Equal(Bits(whole), Bits(second.Run(first.Run(start, at), 9 - at)));
        }

        Assert.NotEqual(Weights(whole), Weights(Trainer(Plain).Run(start with { Slots = start.Slots[..2] }, 9)));
    }

    [Fact]
    public void Filters_act_in_their_order_each_with_a_memory_of_its_own()
    {
        ImmutableArray<GradientFilter> one = [new GrokfastEma { Memory = 0.5 }, new OrthogonalGradient(), new GrokfastEma { Memory = 0.9 }];
        var (first, other) = (Plain with { Filters = one }, Plain with { Filters = [.. one.Reverse()] });
        Assert.Equal(["first_moment", "second_moment", "gradient.0.slow_gradient", "gradient.2.slow_gradient"], first.Slots.Select(slot => slot.Name));

        var start = InitialState.Of(first, Precision.Double, RandomKey.FromSeed(1));
        var (state, expected) = (start, start);
        foreach (var step in Enumerable.Range(0, 3))
        {
            state = DefinedStep.Next(first, GoldenRun.Train, state);
            expected = ByHand(one, expected);
            Assert.Equal(Bits(expected), Bits(state));
        }

        Assert.NotEqual(Bits(state), Bits(DefinedStep.Next(other, GoldenRun.Train, DefinedStep.Next(other, GoldenRun.Train, DefinedStep.Next(other, GoldenRun.Train, start)))));
    }

    /// <summary>The step of two averages around an orthogonal gradient, each filter called by itself.</summary>
    private static TrainState ByHand(ImmutableArray<GradientFilter> filters, TrainState state)
    {
        var gradients = DefinedTraining.Gradient(Plain, state.Weights, GoldenRun.Train);
        var numbers = Plain.CoefficientsAt<Dense>(state.Step);
        var tensors = state.Weights.Values.Select((weight, i) =>
        {
            Dense Slot(int slot) => state.Slots[slot].Values[i];
            Coefficients<Dense> At(int filter) => Optimisers.GradientFilterLaws.At(filters[filter], state.Step);
            var (fast, fastMemory) = filters[0].Apply(weight, gradients.Values[i], [Slot(2)], At(0));
            var (turned, _) = filters[1].Apply(weight, fast, [], At(1));
            var (slow, slowMemory) = filters[2].Apply(weight, turned, [Slot(3)], At(2));
            var (next, moments) = Plain.Optimiser.Update(weight, slow, [Slot(0), Slot(1)], numbers);
            return (Next: next, Slots: (ImmutableArray<Dense>)[.. moments, .. fastMemory, .. slowMemory]);
        }).ToList();
        return state with
        {
            Step = state.Step + 1,
            Weights = state.Weights.With<Dense>([.. tensors.Select(tensor => tensor.Next)]),
            Slots = [.. state.Slots.Select((slot, s) => slot.With<Dense>([.. tensors.Select(tensor => tensor.Slots[s])]))],
        };
    }

    [Fact]
    public void A_step_with_every_filter_allocates_nothing()
    {
        var recipe = Plain with { Filters = [.. Declared.Kinds<GradientFilter>().Select(kind => Of(Declared.NameOf(kind)))], WeightNorm = 5 };
        using var machine = new StepMachine(recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        machine.Load(InitialState.Of(recipe, Precision.Single, RandomKey.FromSeed(0)));
        machine.Advance(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        machine.Advance(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A filter of a kind; a mean of few gradients, so that nine steps fill it.</summary>
    private static GradientFilter Of(string name)
    {
        var filter = Filters.Draw(Declared.Kinds<GradientFilter>().Single(kind => Declared.NameOf(kind) == name), new Random(1));
        return filter is GrokfastMa mean ? mean with { Window = 4 } : filter;
    }

    private static Trainer Trainer(Recipe recipe) => new(recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);

    private static List<double> Weights(TrainState state) => [.. state.Weights.Values.SelectMany(value => value.Span.ToArray())];

    private static List<long> Bits(TrainState state) => [.. Weights(state).Concat(state.Slots.SelectMany(slot => slot.Values).SelectMany(value => value.Span.ToArray())).Select(BitConverter.DoubleToInt64Bits)];
}
