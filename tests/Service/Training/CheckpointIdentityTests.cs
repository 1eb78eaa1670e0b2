using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
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
                  from crossed in Gen.Elements(false, true)
                  from precision in Gen.Elements(Precision.Single, Precision.Double)
                  from step in Gen.Elements(0L, 1, 999_999_999, 12_345_678_901)
                  select (seed, crossed, precision, step);
        Prop.ForAll(any.ToArbitrary(), t => Check(t.seed, t.crossed, t.precision, t.step)).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    private static void Check(int seed, bool crossed, Precision precision, long step)
    {
        using var folder = new Folder();
        var random = new Random(seed);
        var optimiser = Declared.Draw<Optimiser>(random);
        var network = Declared.Draw<INetwork>(random, ("Modulus", random.Next(2, 8)), ("Operands", random.Next(1, 4)));
        var recipe = new Recipe(network, new Loss.MeanSquaredError(), optimiser, Schedule.Constant, null) { Filters = Filters.Draw(random) };
        var store = new CheckpointStore(new RunDirectory(folder.File("run")), "run", recipe, precision, "profile");
        var course = new Course(Number(), Number(), step, Number(), Number(), Number(), Number(), Milestones.None.Observe(0, random.NextDouble(), 0.96).Observe(step, 0.99, random.NextDouble()), crossed ? new Crossing(0.9).Observe(step, 1) : null);
        var expected = new Checkpoint(
            new TrainState(step, Tensors(network.Parameters), [.. recipe.Slots.Select(slot => Tensors(network.Parameters, slot))], new RandomKey((ulong)random.NextInt64(), ulong.MaxValue - (ulong)seed))
            {
                Statistics = Tensors(network.Statistics),
            },
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
        Parameters<Dense> Tensors(ImmutableArray<ParameterSpecification> tensors, Slot? slot = null) =>
            new([.. tensors.Select(p => p.Name)], [.. tensors.Select(p => Dense.Build(slot?.ShapeFor(p.Shape) ?? p.Shape, _ => Element()))]);
    }

    private static List<string> Bits(TrainState state) =>
        [.. state.Slots.Prepend(state.Weights).Append(state.Statistics).SelectMany(set => set.Names.Zip(set.Values, (name, value) =>
            $"{name} {value.Shape} {string.Join(' ', value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits))}"))];
}
