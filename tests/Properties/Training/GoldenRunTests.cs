using System.Collections.Immutable;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

public sealed class GoldenRunTests
{
    /// <summary>Losses are printed with ten digits, and small differences of rounding grow with the steps.</summary>
    private const double OfLosses = 1e-9;

    private const double OfLatePoints = 1e-6;

    /// <summary>Norms are printed with eight digits.</summary>
    private const double OfNorms = 5e-8;

    /// <summary>Float32, in the first steps and after a hundred.</summary>
    private const double OfSingles = 1e-4;

    private const double OfLateSingles = 1e-2;

    public static TheoryData<string> Names => [.. GoldenRun.Paths.Select(path => path.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_definition_walks_the_golden_path(string name)
    {
        var path = GoldenRun.Paths.Single(path => path.Name == name);
        var states = new DefinedTraining(path.Recipe, GoldenRun.Train).Run(GoldenRun.Weights).Take(path.Points[^1].Step + 1).ToArray();
        Assert.All(path.Points, point =>
        {
            var weights = states[point.Step];
            var late = point.Step > 10;
            AssertNear([point.TrainLoss, point.TestLoss], [Loss(path, weights, GoldenRun.Train), Loss(path, weights, GoldenRun.Test)], late ? OfLatePoints : OfLosses);
            Assert.Equal((point.TrainCorrect, point.TestCorrect), (Correct(weights, GoldenRun.Train), Correct(weights, GoldenRun.Test)));
            AssertNear(point.WeightNorms, BlockNorms(weights), late ? OfLatePoints : OfNorms);
            AssertNear(point.GradientNorms, BlockNorms(DefinedTraining.Gradient(path.Recipe, weights, GoldenRun.Train)), late ? OfLatePoints : OfNorms);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_engine_walks_the_golden_path(string name)
    {
        var path = GoldenRun.Paths.Single(path => path.Name == name);
        Assert.All(Enum.GetValues<Precision>(), precision =>
        {
            using var trainer = new Trainer(path.Recipe, GoldenRun.Train, GoldenRun.Test, precision, threads: 1);
            var start = trainer.Start(RandomKey.FromSeed(0)) with { Weights = GoldenRun.Weights };
            Assert.All(path.Points, point =>
            {
                var (early, late) = precision == Precision.Double ? (OfNorms, OfLatePoints) : (OfSingles, OfLateSingles);
                var tolerance = point.Step > 10 ? late : early;
                var state = trainer.Run(start, point.Step);
                var seen = trainer.Evaluate(state, gradients: true);
                AssertNear([point.TrainLoss, point.TestLoss], [seen.TrainLoss, seen.TestLoss], tolerance);
                Assert.Equal((point.TrainCorrect / 16.0, point.TestCorrect / 9.0), (seen.TrainAccuracy, seen.TestAccuracy));
                AssertNear(point.WeightNorms, BlockNorms(state.Weights), tolerance);
                AssertNear([Hypotenuse(point.GradientNorms), point.GradientNorms[2]], seen.GradientNorms, tolerance);
            });
        });

        // The norm of w1 from those of its halves.
        static double Hypotenuse(ImmutableArray<double> norms) => Math.Sqrt((norms[0] * norms[0]) + (norms[1] * norms[1]));
    }

    [Fact]
    public void The_first_output_and_the_first_gradients_are_the_known_ones()
    {
        var logits = DefinedTraining.Logits(GoldenRun.Network, GoldenRun.Weights, new(5, [[0], [0]], [0]));
        AssertNear([GoldenRun.FirstOutput], [logits.Span[0]], OfLosses);
        var gradient = DefinedTraining.Gradient(GoldenRun.Paths[0].Recipe, GoldenRun.Weights, GoldenRun.Train);
        AssertNear(
            GoldenRun.FirstGradients,
            [gradient["w1"].Span[10 + 2], gradient["w1"].Span[10 + 5 + 2], gradient["w2"].Span[4 + 2]],
            OfLosses);
    }

    private static double Loss(GoldenPath path, Parameters<Dense> weights, Samples samples) => DefinedTraining.Loss(path.Recipe, weights, samples);

    private static int Correct(Parameters<Dense> weights, Samples samples) =>
        Classification.Answers(DefinedTraining.Logits(GoldenRun.Network, weights, samples)).Zip(samples.Labels).Count(pair => pair.First == pair.Second);

    private static ImmutableArray<double> BlockNorms(Parameters<Dense> tensors) =>
    [
        Norms.Frobenius(Tensor.Slice(tensors["w1"], 1, 0, 5)), Norms.Frobenius(Tensor.Slice(tensors["w1"], 1, 5, 5)), Norms.Frobenius(tensors["w2"]),
    ];

    private static void AssertNear(ImmutableArray<double> expected, ImmutableArray<double> actual, double relative) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(1, pair.Second / pair.First, relative));
}
