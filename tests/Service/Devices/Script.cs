using FsCheck;
using FsCheck.Fluent;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Service.Devices;

/// <summary>What the sitting of a run does with its machine.</summary>
public enum Deed
{
    /// <summary>Takes some steps.</summary>
    Advance,

    /// <summary>Evaluates.</summary>
    Evaluate,

    /// <summary>Evaluates with gradients.</summary>
    EvaluateGradients,

    /// <summary>Looks at the state.</summary>
    Look,

    /// <summary>Goes back to an earlier state.</summary>
    GoBack,

    /// <summary>Is paused and goes on later, with another machine.</summary>
    Pause,

    /// <summary>Lets the others go first.</summary>
    Dawdle,

    /// <summary>Fails for reasons of its own, and is over.</summary>
    Fail,
}

/// <summary>A small run, and what is done with it.</summary>
/// <param name="Seed">Its seed, which decides the weights, the samples and their order.</param>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Decay">Its decay.</param>
/// <param name="Deeds">What is done, each with a number.</param>
public sealed record Script(ulong Seed, double Rate, double Decay, (Deed Deed, int Number)[] Deeds)
{
    private const int Modulus = 5;

    /// <summary>How it is trained.</summary>
    public Recipe Recipe(int? batch) => new(
        new QuadraticNetwork(Modulus, 2, 4),
        new Loss.MeanSquaredError(),
        new AdamW { LearningRate = Rate, WeightDecay = Decay, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
        Schedule.Constant,
        batch);

    /// <summary>Does everything with a machine of its own, and writes down all that can be seen of it.</summary>
    /// <param name="batch">Samples of a step; null for all.</param>
    /// <param name="make">Makes a machine.</param>
    public List<long> Play(int? batch, Func<Recipe, Samples, Samples, IStepMachine> make)
    {
        Recipe recipe = Recipe(batch);
        var seen = new List<long>();
        Samples train = Sum(0, 15), test = Sum(15, Modulus * Modulus);
        IStepMachine machine = make(recipe, train, test);
        try
        {
            TrainState first = InitialState.Of(recipe, Precision.Single, RandomKey.FromSeed(Seed));
            machine.Load(first);
            foreach ((Deed deed, int number) in Deeds)
            {
                switch (deed)
                {
                    case Deed.Advance:
                        machine.Advance(number);
                        break;
                    case Deed.Evaluate or Deed.EvaluateGradients:
                        Note(machine.Evaluate(deed == Deed.EvaluateGradients), seen);
                        break;
                    case Deed.Look:
                        Note(machine.State, seen);
                        break;
                    case Deed.GoBack:
                        machine.Load(first);
                        break;
                    case Deed.Pause:
                        TrainState state = machine.State;
                        machine.Dispose();
                        Thread.Yield();
                        machine = make(recipe, train, test);
                        machine.Load(state);
                        break;
                    case Deed.Dawdle:
                        for (int turn = 0; turn < number; turn++)
                            Thread.Yield();
                        break;
                    case Deed.Fail:
                        throw new NotSupportedException("The disk is full.");
                    default:
                        throw new InvalidOperationException($"{deed}");
                }

                seen.Add(machine.Step);
            }

            Note(machine.State, seen);
        }
        catch (NotSupportedException)
        {
            seen.Add(-1);
        }
        finally
        {
            machine.Dispose();
        }

        return seen;
    }

    /// <inheritdoc/>
    public override string ToString() => $"seed {Seed}, rate {Rate}, decay {Decay}: {string.Join(' ', Deeds)}";

    // Every run has samples of its own, as many as the others.
    private Samples Sum(int from, int to)
    {
        int[] order = [.. RandomKey.FromSeed(Seed).Split(RandomPurpose.Split).Permutation(Modulus * Modulus)[from..to]];
        return new(Modulus, [[.. order.Select(i => i / Modulus)], [.. order.Select(i => i % Modulus)]], [.. order.Select(i => ((i / Modulus) + (i % Modulus)) % Modulus)]);
    }

    private static void Note(Evaluation evaluation, List<long> seen) => seen.AddRange(
        new[] { evaluation.TrainLoss, evaluation.TrainAccuracy, evaluation.TestLoss, evaluation.TestAccuracy }.Concat(evaluation.GradientNorms).Select(BitConverter.DoubleToInt64Bits));

    private static void Note(TrainState state, List<long> seen)
    {
        seen.Add(state.Step);
        foreach (Dense tensor in state.Slots.Aggregate(state.Weights.Values, (all, slot) => all.AddRange(slot.Values)))
            seen.AddRange(tensor.Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }
}

/// <summary>Draws scripts.</summary>
public static class Scripts
{
    /// <summary>Scripts of all deeds; most of them steps and evaluations.</summary>
    public static Arbitrary<Script> Any() => Arb.From(
        from seed in Gen.Choose(0, 1000)
        from rate in Gen.Elements(0.001, 0.01, 0.1)
        from decay in Gen.Elements(0.0, 0.3, 1)
        from deeds in (
            from deed in Gen.Elements(
                Deed.Advance, Deed.Advance, Deed.Advance, Deed.Advance, Deed.Evaluate, Deed.Evaluate, Deed.EvaluateGradients, Deed.Look, Deed.GoBack, Deed.Pause, Deed.Dawdle, Deed.Fail)
            from number in Gen.Choose(0, 12)
            select (deed, number)).ArrayOf()
        select new Script((ulong)seed, rate, decay, deeds));
}
