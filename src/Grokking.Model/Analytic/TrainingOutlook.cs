using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Analytic;

// p modulus, N hidden width, η learning rate, β memory of the velocity, λ decay, ε of Adam, g0 the first gradient

/// <summary>What a learning rate will do to the quadratic network.</summary>
public enum RateVerdict
{
    /// <summary>The loss stays near 1/p for more than 36,000 steps.</summary>
    Stalls,

    /// <summary>It groks, after more than 6,000 steps.</summary>
    Slow,

    /// <summary>It groks soon, on smooth curves.</summary>
    Good,

    /// <summary>It groks, and the loss spikes.</summary>
    EdgeOfStability,

    /// <summary>The loss grows beyond all bounds, or the weights die.</summary>
    Diverges,
}

/// <summary>
/// What is to be expected of an optimiser on the quadratic network (arXiv 2301.02679, Eq. 4) with the mean squared error, before a step is taken. Rules of
/// experience, measured at p = 23 and 97 with half to nine tenths of the data; times hold to within a factor of about 1.5.
/// </summary>
/// <param name="Rate">What the learning rate will do.</param>
/// <param name="ExpectedSteps">
/// About how many steps until 95 % of the test set is right: 12,000 typical rates over η/(1 − β) for descent, 1.5 needed weights over η, and 15, for
/// Adam.
/// </param>
/// <param name="SlowestRate">The smallest η that is called good.</param>
/// <param name="FastestRate">The largest η that is called good.</param>
/// <param name="EpsilonShare">ε over the first gradient; 0 where there is no ε. Up to <see cref="LargestEpsilonShare"/> it changes nothing.</param>
/// <param name="DecayShare">
/// Decoupled, λ times the needed weight: weights settle near 1/λ at most. Coupled, λ over the first gradient, which is what pulls at a weight of size 1. In
/// both cases up to <see cref="LargestDecayShare"/> the task is still learned.
/// </param>
/// <param name="LargestDecayShare">2.3 decoupled, where 1.9 still groks and 2.55 does not; 0.4 coupled, where 0.24 does and 0.6 does not.</param>
public sealed record TrainingOutlook(
    RateVerdict Rate, double ExpectedSteps, double SlowestRate, double FastestRate, double EpsilonShare, double DecayShare, double LargestDecayShare)
{
    /// <summary>
    /// ε beyond this share of the first gradient changes the course: at p = 97 and N = 500, where that is 4.4e-9, 1e-10 and 2.2e-10 do not, and 1e-8 does.
    /// </summary>
    public const double LargestEpsilonShare = 0.06;

    private const double StallingSteps = 36_000;
    private const double SlowSteps = 6_000;
    private const double TypicalSteps = 12_000;

    // In typical rates: loss spikes from about 10 on; 30 groks and then diverges at p = 97, 100 diverges at once.
    private const double EdgeOfDescent = 10;
    private const double EndOfDescent = 30;

    // In needed weights per step: 0.16 is smooth, 0.3 and 0.6 grok on a rough path, 1.25 kills the weights.
    private const double EdgeOfAdam = 0.25;
    private const double EndOfAdam = 1;
    private const double StepsOfAdam = 1.5;
    private const double FirstStepsOfAdam = 15;

    /// <summary>Whether the decay leaves the weights too small for the task.</summary>
    public bool DecayKills => DecayShare > LargestDecayShare;

    /// <summary>Whether ε hides the first gradients.</summary>
    public bool EpsilonHidesGradients => EpsilonShare > LargestEpsilonShare;

    /// <summary>Whether the rules are about this network: two operands, the square, no normalisation.</summary>
    public static bool AppliesTo(INetwork network) =>
        network is QuadraticNetwork { Operands: 2, Activation: Activation.Monomial, Degree: 2, Normalisation: Normalisation.None };

    /// <summary>g0 = 2/(p³ N), the size of the read-out's first gradients, whatever the batch: 4.4e-9 at p = 97, N = 500.</summary>
    public static double FirstGradient(QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        double p = network.Modulus;
        return 2 / (p * p * p * network.Width);
    }

    /// <summary>1e5 (p/97)³ (N/500): the rate of gradient descent that groks after 12,000 steps or so. Proportional to 1/g0.</summary>
    public static double TypicalRate(QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return 1e5 * Math.Pow(network.Modulus / 97.0, 3) * (network.Width / 500.0);
    }

    /// <summary>(4p)^(1/3)/√2, the root mean square of the weights of the closed solution: 5.15 at p = 97.</summary>
    public static double NeededWeight(QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Math.Cbrt(4.0 * network.Modulus) / Math.Sqrt(2);
    }

    /// <summary>The outlook of an optimiser, in the laboratory's own convention (see <see cref="ScaleConvention"/>).</summary>
    /// <exception cref="ArgumentException">The rules are not about this network or this optimiser.</exception>
    public static TrainingOutlook Of(Optimiser optimiser, QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(optimiser);
        if (!AppliesTo(network))
        {
            throw new ArgumentException($"These rules are about the square of two operands, not {network}.", nameof(network));
        }

        return optimiser switch
        {
            GradientDescent => Descent(optimiser, network, 0, 1),
            // On one direction of curvature κ, momentum is stable up to ηκ = 2(1 + β), Nesterov's up to 2(1 + β)/(1 + 2β), plain descent up to 2.
            Momentum { Beta: var beta } => Descent(optimiser, network, beta, 1 + beta),
            Nesterov { Beta: var beta } => Descent(optimiser, network, beta, (1 + beta) / (1 + (2 * beta))),
            AdaptiveMoments adaptive => Adaptive(adaptive, network),
            _ => throw new ArgumentException($"Nothing is known about {optimiser.GetType().Name}.", nameof(optimiser)),
        };
    }

    private static TrainingOutlook Descent(Optimiser optimiser, QuadraticNetwork network, double beta, double stability)
    {
        var unit = TypicalRate(network);
        var steps = TypicalSteps * unit * (1 - beta) / optimiser.LearningRate;
        var edge = EdgeOfDescent * unit * stability;
        return new(
            Judge(steps, optimiser.LearningRate, edge, edge / EdgeOfDescent * EndOfDescent),
            steps,
            TypicalSteps / SlowSteps * unit * (1 - beta),
            edge,
            0,
            optimiser.WeightDecay / FirstGradient(network),
            0.4);
    }

    private static TrainingOutlook Adaptive(AdaptiveMoments optimiser, QuadraticNetwork network)
    {
        var unit = NeededWeight(network);
        var steps = (StepsOfAdam * unit / optimiser.LearningRate) + FirstStepsOfAdam;
        var coupled = optimiser is Adam;
        return new(
            Judge(steps, optimiser.LearningRate, EdgeOfAdam * unit, EndOfAdam * unit),
            steps,
            StepsOfAdam * unit / (SlowSteps - FirstStepsOfAdam),
            EdgeOfAdam * unit,
            optimiser.Epsilon / FirstGradient(network),
            coupled ? optimiser.WeightDecay / FirstGradient(network) : optimiser.WeightDecay * unit,
            coupled ? 0.4 : 2.3);
    }

    private static RateVerdict Judge(double steps, double rate, double edge, double end) =>
        rate >= end ? RateVerdict.Diverges
        : rate >= edge ? RateVerdict.EdgeOfStability
        : steps > StallingSteps ? RateVerdict.Stalls
        : steps > SlowSteps ? RateVerdict.Slow
        : RateVerdict.Good;
}
