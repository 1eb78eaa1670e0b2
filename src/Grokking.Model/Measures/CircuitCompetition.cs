namespace Grokking.Measures;

// w weight of a circuit, P cost of a circuit, κ how logits grow with parameters, q exponent of the decay

/// <summary>
/// The toy model of circuit efficiency (arXiv 2309.02390): a generalising and a memorising circuit add to the logits, each with a weight that is a product of two
/// factors and is slow to start; decay charges each by its parameter norm w^(1/κ) P. Memorising comes first, and the cheaper circuit wins.
/// </summary>
/// <remarks>
/// The source leaves open how the circuits enter the logits. Here [our choice]: in training both add to the right class of <see cref="Classes"/>, the
/// others are 0; on the test set generalising adds to the right class and memorising to one wrong one. Loss: cross-entropy + decay·Σ (w^(1/κ) P)²;
/// plain gradient descent on the four factors.
/// </remarks>
/// <param name="Step">Updates so far.</param>
/// <param name="Generalising">The two factors of the generalising circuit.</param>
/// <param name="Memorising">The two factors of the memorising circuit.</param>
public sealed record CircuitCompetition(long Step, (double First, double Second) Generalising, (double First, double Second) Memorising)
{
    /// <summary>Classes of the task.</summary>
    public const int Classes = 113;

    /// <summary>P of the generalising circuit.</summary>
    public const double GeneralisingCost = 1;

    /// <summary>P of the memorising circuit.</summary>
    public const double MemorisingCost = 2;

    /// <summary>κ.</summary>
    public const double Growth = 1.2;

    /// <summary>The factor of the decay.</summary>
    public const double Decay = 0.005;

    /// <summary>Before the first update: both weights 0; the generalising circuit's second factor is 200 times smaller.</summary>
    public static CircuitCompetition Start { get; } = new(0, (0, 0.005), (0, 1));

    /// <summary>The weight of the generalising circuit.</summary>
    public double GeneralisingWeight => Generalising.First * Generalising.Second;

    /// <summary>The weight of the memorising circuit.</summary>
    public double MemorisingWeight => Memorising.First * Memorising.Second;

    /// <summary>The training loss without decay, in nats.</summary>
    public double TrainLoss => Math.Log(1 + ((Classes - 1) * Math.Exp(-GeneralisingWeight - MemorisingWeight)));

    /// <summary>The test loss, in nats.</summary>
    public double TestLoss => Math.Log(Math.Exp(GeneralisingWeight) + Math.Exp(MemorisingWeight) + Classes - 2) - GeneralisingWeight;

    /// <summary>After one more update.</summary>
    /// <param name="learningRate">0.1 shows everything in 3,000 updates.</param>
    public CircuitCompetition Next(double learningRate)
    {
        var logit = -(Classes - 1) / (Math.Exp(GeneralisingWeight + MemorisingWeight) + Classes - 1);
        (double, double) Updated((double First, double Second) factors, double cost)
        {
            var weight = factors.First * factors.Second;
            var slope = learningRate * (logit
                + (Decay * cost * cost * (2 / Growth) * Math.Pow(Math.Abs(weight), (2 / Growth) - 1) * Math.Sign(weight)));
            return (factors.First - (slope * factors.Second), factors.Second - (slope * factors.First));
        }

        return new(Step + 1, Updated(Generalising, GeneralisingCost), Updated(Memorising, MemorisingCost));
    }

    /// <summary>
    /// The first of two circuits' share of a fixed sum of weights where Σ (w^(1/κ) P)^q is least. For κ &lt; q, w ∝ P^(−qκ/(q − κ)) (the Lagrange
    /// condition); otherwise all of it belongs to the cheaper one, and half to each where they cost the same.
    /// </summary>
    /// <param name="first">P of the first circuit, above 0.</param>
    /// <param name="second">P of the second circuit, above 0.</param>
    /// <param name="growth">κ, above 0.</param>
    /// <param name="exponent">q, above 0.</param>
    public static double CheapestShare(double first, double second, double growth, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(growth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exponent);
        return growth >= exponent
            ? first == second ? 0.5 : first < second ? 1 : 0
            : 1 / (1 + Math.Pow(first / second, exponent * growth / (exponent - growth)));
    }
}
