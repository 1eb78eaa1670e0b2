using Grokking.Analytic;
using Grokking.Host.Configuration;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Experiments;

/// <summary>
/// Settings that are allowed but known to lead nowhere with the quadratic network, whose scales live in the forward pass: its first gradients
/// are about 2/(p³ N), so habits from other conventions stall it or kill its weights. The rules are those of <see cref="TrainingOutlook"/>.
/// </summary>
internal static class PhysicsGuards
{
    /// <summary>What an experienced user would warn of.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>Sentences, none where nothing is known against the settings.</returns>
    public static IEnumerable<string> Warnings(Experiment experiment)
    {
        // Its rules are for the plain step: nothing before the optimiser, the weights at their own scale.
        if (experiment.Loss is not Loss.MeanSquaredError
            || !experiment.Filters.IsEmpty
            || experiment.Weights != WeightSettings.Free
            || experiment.OutputScale is not null
            || experiment.Optimiser is Velocity { Decay: not Decay.Coupled, WeightDecay: > 0 }
            || experiment.Network is not QuadraticNetwork network
            || !TrainingOutlook.AppliesTo(network)
            || experiment.Optimiser is not (GradientDescent or Momentum or Nesterov or AdaptiveMoments))
        {
            yield break;
        }

        Optimiser optimiser = experiment.Optimiser;
        TrainingOutlook outlook = TrainingOutlook.Of(optimiser, network);
        double gradient = TrainingOutlook.FirstGradient(network);
        if (optimiser is AdaptiveMoments adaptive && outlook.EpsilonHidesGradients)
        {
            yield return $"optimiser.epsilon is {adaptive.Epsilon:g3}: more than {TrainingOutlook.LargestEpsilonShare:p0} of the first gradients "
                + $"(about {gradient:g2}), which delays or hides grokking; at most {TrainingOutlook.LargestEpsilonShare * gradient:g2} is safe here.";
        }

        if (outlook.Rate is RateVerdict.Stalls or RateVerdict.Diverges)
        {
            yield return $"optimiser.learningRate is {optimiser.LearningRate:g3}: with these scales training will "
                + $"{(outlook.Rate == RateVerdict.Stalls ? "hardly move" : "probably diverge")}; rates from {outlook.SlowestRate:g2} to {outlook.FastestRate:g2} grok.";
        }

        if (outlook.DecayKills)
        {
            yield return $"optimiser.weightDecay is {optimiser.WeightDecay:g3}: {Reason(optimiser, network)}; "
                + $"the weights will probably die. At most {optimiser.WeightDecay / outlook.DecayShare * outlook.LargestDecayShare:g2} is safe here.";
        }
    }

    private static string Reason(Optimiser optimiser, QuadraticNetwork network) => optimiser is AdamW
        ? $"weights settle near 1/decay = {1 / optimiser.WeightDecay:g2} at most, and the task needs about {TrainingOutlook.NeededWeight(network):g2}"
        : $"coupled to the gradient, it pulls harder than the first gradients do (about {TrainingOutlook.FirstGradient(network):g2})";
}
