using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Host.Devices;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>One thing that was checked, and what came of it.</summary>
/// <param name="What">What, in words.</param>
/// <param name="Error">The largest error; 0 where bits were compared and are equal, ∞ where they are not.</param>
/// <param name="Tolerance">What is allowed.</param>
internal sealed record Check(string What, double Error, double Tolerance)
{
    /// <summary>Whether it holds; an error that is no number does not.</summary>
    public bool Holds => Error <= Tolerance;

    /// <summary>A comparison of bits.</summary>
    public static Check Bits(string what, bool equal) => new(what, equal ? 0 : double.PositiveInfinity, 0);
}

/// <summary>Whole training steps of small networks on a device: the losses of the processor, the same bits twice, in pieces, and among others.</summary>
/// <param name="device">The device.</param>
/// <param name="tolerance">How far losses may be from the processor's, relatively: 1e-5 for float32, 2e-3 for TF32.</param>
internal sealed class StepCheck(DeviceEngine device, double tolerance)
{
    private const int Modulus = 7;
    private const int Width = 16;
    private const int Batch = 16;
    private const int Steps = 10;
    private const int Places = 3;

    /// <summary>What is checked.</summary>
    public static ImmutableArray<Workload> Subjects { get; } = Workloads.Small(Modulus, Width, Batch);

    /// <summary>Checks a workload.</summary>
    /// <param name="workload">One of <see cref="Subjects"/>.</param>
    /// <returns>The checks, or the sentence that says why it cannot be trained there.</returns>
    public Result<ImmutableArray<Check>> Of(Workload workload) => device.Alone(workload.Recipe, Train(workload, 1), Test(workload, 1), Precision.Single).Bind(alone =>
    {
        using (alone)
        {
            TrainState start = Start(workload, 1), reached = Run(alone, start, Steps);
            Evaluation here = alone.Evaluate(gradients: false), expected = Expected(workload, start);
            bool twice = Equal(reached, Run(alone, start, Steps));
            TrainState half = Run(alone, start, Steps / 2);
            bool pieces = Equal(reached, Run(alone, half with { Step = Steps / 2 }, Steps - (Steps / 2)));
            return Among(workload, reached).Map(among => ImmutableArray.Create(
                new Check($"{workload.Description}: losses after {Steps} steps", Math.Max(Apart(here.TrainLoss, expected.TrainLoss), Apart(here.TestLoss, expected.TestLoss)), tolerance),
                Check.Bits($"{workload.Description}: the same bits twice", twice),
                Check.Bits($"{workload.Description}: the same bits in pieces", pieces),
                Check.Bits($"{workload.Description}: the same bits among others", among)));
        }
    });

    private Result<bool> Among(Workload workload, TrainState alone) => device.Fleet(workload.Recipe, Train(workload, 0), Test(workload, 0), Places).Map(fleet =>
    {
        using (fleet)
        {
            for (int seed = 0; seed < Places; seed++)
                fleet.Load(seed, workload.Recipe, Start(workload, seed), Train(workload, seed), Test(workload, seed));
            fleet.Advance([0, 1, 2], Steps / 2);
            fleet.Leave(0);
            fleet.Advance([1, 2], Steps - (Steps / 2));
            return Equal(alone, fleet.StateOf(1));
        }
    });

    private static Evaluation Expected(Workload workload, TrainState start)
    {
        using var machine = new StepMachine(workload.Recipe, Train(workload, 1), Test(workload, 1), Precision.Single, threads: 1);
        Run(machine, start, Steps);
        return machine.Evaluate(gradients: false);
    }

    private static TrainState Run(IStepMachine machine, TrainState from, int steps)
    {
        machine.Load(from);
        machine.Advance(steps);
        return machine.State;
    }

    private static double Apart(double value, double expected) => Math.Abs((value / expected) - 1);

    private static bool Equal(TrainState one, TrainState other) => one.Step == other.Step && Tensors(one).Zip(Tensors(other), (a, b) => a.Span.SequenceEqual(b.Span)).All(equal => equal);

    private static ImmutableArray<Dense> Tensors(TrainState state) => state.Slots.Aggregate(state.Weights.Values, (all, slot) => all.AddRange(slot.Values));

    private static TrainState Start(Workload workload, int seed) => InitialState.Of(workload.Recipe, Precision.Single, Key(seed));

    private static Samples Train(Workload workload, int seed) => Samples.TrainOf(Split(workload, seed));

    private static Samples Test(Workload workload, int seed) => Samples.TestOf(Split(workload, seed));

    private static DataSplit Split(Workload workload, int seed) => workload.Split(Key(seed));

    private static RandomKey Key(int seed) => RandomKey.FromSeed((ulong)seed);
}
