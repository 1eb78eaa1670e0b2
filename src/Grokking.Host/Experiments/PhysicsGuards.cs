using Grokking.Host.Configuration;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Experiments;

// p modulus, N hidden width, η learning rate, β momentum, λ decay

/// <summary>
/// Settings that are allowed but known to lead nowhere with the quadratic network, whose scales live in the forward pass: its first gradients
/// are about 2/(p³ N), so habits from other conventions stall it or kill its weights (arXiv 2301.02679, Eq. 4, and public reruns of it).
/// </summary>
internal static class PhysicsGuards
{
    // Plain gradient descent groks between these multiples of 1e5 (p/97)³ (N/500): below the first it does not within 30,000 steps, above
    // the second it diverges.
    private const double SlowestRate = 0.3;
    private const double FastestRate = 30;

    // ε that is more than this share of the first gradient changes the course (1e-10 against 4.4e-9 does not, 1e-8 does).
    private const double LargestEpsilonShare = 0.05;

    // Weights settle near 1/λ at most, and the task needs a size of 4 to 5.
    private const double LargestDecay = 0.5;

    /// <summary>What an experienced user would warn of.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>Sentences, none where nothing is known against the settings.</returns>
    public static IEnumerable<string> Warnings(Experiment experiment)
    {
        if (experiment.Loss is not Loss.MeanSquaredError || experiment.Network is not QuadraticNetwork { Activation: Activation.Monomial, Degree: 2, Normalisation: Normalisation.None })
            yield break;
        double p = experiment.Task.Modulus;
        double n = experiment.Network.Width;

        if (experiment.Optimiser is AdaptiveMoments adaptive)
        {
            double largest = LargestEpsilonShare * 2 / (p * p * p * n);
            if (adaptive.Epsilon > largest)
            {
                yield return $"optimiser.epsilon is {adaptive.Epsilon:g3}: more than a twentieth of the first gradients "
                    + $"(about {largest / LargestEpsilonShare:g2}), which delays or hides grokking; at most {largest:g2} is safe here.";
            }
        }
        else if (experiment.Optimiser is GradientDescent or Momentum or Nesterov)
        {
            double beta = experiment.Optimiser switch { Momentum m => m.Beta, Nesterov m => m.Beta, _ => 0 };
            double unit = 1e5 * Math.Pow(p / 97, 3) * (n / 500);
            double multiple = experiment.Optimiser.LearningRate / (1 - beta) / unit;
            if (multiple is < SlowestRate or >= FastestRate)
            {
                yield return $"optimiser.learningRate is {experiment.Optimiser.LearningRate:g3}: with these scales training will "
                    + $"{(multiple < SlowestRate ? "hardly move" : "probably diverge")}; rates near {3 * unit * (1 - beta):g2} grok.";
            }
        }

        if (experiment.Optimiser is AdamW { WeightDecay: > LargestDecay } decaying)
        {
            yield return $"optimiser.weightDecay is {decaying.WeightDecay:g3}: weights settle near 1/decay = {1 / decaying.WeightDecay:g2}, "
                + "and the task needs 4 to 5; they will probably die.";
        }
    }
}
