using Grokking.Optimisers;
using Grokking.Properties.Training;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Properties.Optimisers;

/// <summary>AdamW as an experiment has it, over a thousand steps, against its recurrence written for plain arrays.</summary>
public class LongTrajectoryTests
{
    private const int Steps = 1000;

    /// <summary>Roundings of 1e-16 of numbers of size one, a thousand times, hardly amplified: the path is contracting. (Seen: 1e-14.)</summary>
    private const double Rounding = 1e-11;

    [Fact]
    public void AdamW_follows_a_float64_transcription_for_a_thousand_steps()
    {
        // As the PKU project's program: first update without a rate, decay 1, betas 0.9 and 0.98; a larger rate, so that much happens.
        var (rate, decay, beta1, beta2, epsilon) = (0.01, 1.0, 0.9, 0.98, 1e-8);
        var rule = new AdamW { LearningRate = rate, WeightDecay = decay, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon };
        var recipe = new Recipe(GoldenRun.Network, new Loss.CrossEntropy(), rule, new Schedule(10) { WarmupFrom = 0 }, null);
        using var trainer = new Trainer(recipe, GoldenRun.Train, GoldenRun.Test, Precision.Double, threads: 1);
        var state = new TrainState(0, GoldenRun.Weights, InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(0)).Slots, RandomKey.FromSeed(0));

        double[][] w = [.. state.Weights.Values.Select(value => value.Span.ToArray())];
        double[][] m = [.. w.Select(value => new double[value.Length])];
        double[][] v = [.. w.Select(value => new double[value.Length])];
        for (var t = 1; t <= Steps; t++)
        {
            state = trainer.Run(state, 1);
            var gradients = DefinedTraining.Gradient(recipe, state.Weights.With([.. w.Zip(state.Weights.Values, (x, like) => Tensors.Dense.Of(like.Shape, x))]), GoldenRun.Train);
            var eta = rate * Math.Min(1, (t - 1) / 10.0);
            for (var i = 0; i < w.Length; i++)
            {
                for (var j = 0; j < w[i].Length; j++)
                {
                    var g = gradients.Values[i].Span[j];
                    w[i][j] *= 1 - (eta * decay);
                    m[i][j] += (1 - beta1) * (g - m[i][j]);
                    v[i][j] = (beta2 * v[i][j]) + ((1 - beta2) * g * g);
                    var denominator = (Math.Sqrt(v[i][j]) / Math.Sqrt(1 - Math.Pow(beta2, t))) + epsilon;
                    w[i][j] -= eta / (1 - Math.Pow(beta1, t)) * m[i][j] / denominator;
                }
            }

            if (t == 1)
            {
                Assert.Equal(GoldenRun.Weights.Values.SelectMany(value => value.Span.ToArray()), state.Weights.Values.SelectMany(value => value.Span.ToArray()));
            }
        }

        Assert.All(w.SelectMany(x => x).Zip(state.Weights.Values.SelectMany(value => value.Span.ToArray())), pair =>
            Assert.True(Math.Abs(pair.First - pair.Second) <= Rounding, $"{pair.Second:R}, by its recurrence {pair.First:R}"));
    }
}
