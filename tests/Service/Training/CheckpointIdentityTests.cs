using FsCheck;
using FsCheck.Fluent;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Service.Training;

/// <summary>A checkpoint is everything, and comes back as it was.</summary>
public class CheckpointIdentityTests
{
    /// <summary>Numbers that a careless round trip loses: signed zero, subnormals, infinities, NaN, and the last bits of ordinary ones.</summary>
    private static readonly double[] Remarkable = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, float.Epsilon, -float.MaxValue, 1.0f / 3];

    [Fact]
    public void Snapshot_to_bytes_and_back_is_the_identity()
    {
        var any = from seed in Gen.Choose(0, int.MaxValue)
                  from kind in Gen.Choose(0, 3)
                  from precision in Gen.Elements(Precision.Single, Precision.Double)
                  from step in Gen.Elements(0L, 1, 999_999_999, 12_345_678_901)
                  select (seed, kind, precision, step);
        Prop.ForAll(any.ToArbitrary(), t => Check(t.seed, t.kind, t.precision, t.step)).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    private static void Check(int seed, int kind, Precision precision, long step)
    {
        using var folder = new Folder();
        var random = new Random(seed);
        Optimiser optimiser = kind switch
        {
            0 => new GradientDescent { LearningRate = 1 },
            1 => new Nesterov { LearningRate = 1, Beta = 0.5 },
            2 => new Adam { LearningRate = 1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
            _ => new AdamW { LearningRate = 1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
        };
        var network = new QuadraticNetwork(random.Next(2, 8), random.Next(1, 4), random.Next(1, 20));
        var recipe = new Recipe(network, new Loss.MeanSquaredError(), optimiser, Schedule.Constant, null);
        var store = new CheckpointStore(new RunDirectory(folder.File("run")), "run", recipe, precision, "profile");
        var course = new Course(Number(), Number(), step, Number(), Number(), Number(), Number(), Milestones.None.Observe(0, random.NextDouble(), 0.96).Observe(step, 0.99, random.NextDouble()), kind == 0 ? null : new Crossing(0.9).Observe(step, 1));
        var expected = new Checkpoint(
            new TrainState(step, Tensors(), [.. optimiser.SlotNames.Select(_ => Tensors())], new RandomKey((ulong)random.NextInt64(), ulong.MaxValue - (ulong)seed)),
            course,
            random.Next(),
            random.NextDouble() * 1e6);

        store.Write(expected);
        var actual = store.Newest(warning => Assert.Fail(warning)).OrThrow()!;

        Assert.Equal((expected.State.Step, expected.State.Key, expected.MetricsWatermark, expected.ElapsedSeconds), (actual.State.Step, actual.State.Key, actual.MetricsWatermark, actual.ElapsedSeconds));
        Assert.Equal(expected.Course, actual.Course);
        Assert.Equal(Bits(expected.State), Bits(actual.State));

        double Number() => Remarkable[random.Next(Remarkable.Length)];
        double Element() => random.Next(3) == 0 ? Number() : precision == Precision.Single ? random.NextSingle() : random.NextDouble();
        Parameters<Dense> Tensors() => new([.. network.Parameters.Select(p => p.Name)], [.. network.Parameters.Select(p => Dense.Build(p.Shape, _ => Element()))]);
    }

    private static List<string> Bits(TrainState state) =>
        [.. state.Slots.Prepend(state.Weights).SelectMany(set => set.Names.Zip(set.Values, (name, value) =>
            $"{name} {value.Shape} {string.Join(' ', value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits))}"))];
}
