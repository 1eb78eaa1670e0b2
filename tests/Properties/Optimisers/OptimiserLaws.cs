using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Optimisers;
using Grokking.Tensors;

namespace Grokking.Properties.Optimisers;

/// <summary>Settings of an optimiser and the gradients that one weight meets.</summary>
public sealed record AnyDescent(double Rate, double Decay, double Beta, double Beta2, double Start, ImmutableArray<double> Gradients);

public static class Descents
{
    public static Arbitrary<AnyDescent> AnyDescents() => Arb.From(
        from rate in Gen.Elements(0.001, 0.1, 0.5)
        from decay in Gen.Elements(0, 0.01, 0.3)
        from beta in Gen.Elements(0, 0.5, 0.9)
        from beta2 in Gen.Elements(0.9, 0.98, 0.999)
        from start in Gen.Choose(-300, 300)
        from gradients in Gen.Choose(-1000, 1000).NonEmptyListOf()
        select new AnyDescent(rate, decay, beta, beta2, start / 100.0, [.. gradients.Select(g => g / 100.0)]));
}

/// <summary>Each rule against its recurrence for a single number, written a second time and in another form.</summary>
[Properties(Arbitrary = [typeof(Descents)])]
public class OptimiserLaws
{
    /// <summary>A few roundings per step over at most some hundred steps.</summary>
    private const double Rounding = 1e-11;

    private const double Epsilon = 1e-10;

    [Property]
    public void Gradient_descent_goes_against_gradient_and_decay(AnyDescent any)
    {
        var w = any.Start;
        foreach (var g in any.Gradients)
        {
            w = (w * (1 - (any.Rate * any.Decay))) - (any.Rate * g);
        }

        AssertClose(w, Walk(new GradientDescent { LearningRate = any.Rate, WeightDecay = any.Decay }, any));
    }

    [Property]
    public void Momentum_adds_up_faded_gradients(AnyDescent any)
    {
        var w = any.Start;
        var decayed = new List<double>();
        foreach (var g in any.Gradients)
        {
            decayed.Add(g + (any.Decay * w));
            w -= any.Rate * decayed.Select((d, i) => d * Math.Pow(any.Beta, decayed.Count - 1 - i)).Sum();
        }

        AssertClose(w, Walk(new Momentum { LearningRate = any.Rate, WeightDecay = any.Decay, Beta = any.Beta }, any));
    }

    [Property]
    public void Nesterov_is_momentum_seen_from_the_point_ahead(AnyDescent any)
    {
        // In the original form the gradient is met at the point ahead, x = position − η β v; the rule's weight is that point.
        var (position, velocity) = (any.Start, 0.0);
        var ahead = position;
        foreach (var g in any.Gradients)
        {
            velocity = (any.Beta * velocity) + g + (any.Decay * ahead);
            position -= any.Rate * velocity;
            ahead = position - (any.Rate * any.Beta * velocity);
        }

        AssertClose(ahead, Walk(new Nesterov { LearningRate = any.Rate, WeightDecay = any.Decay, Beta = any.Beta }, any));
    }

    [Property]
    public void Adam_divides_the_mean_gradient_by_its_root_mean_square(AnyDescent any)
    {
        var w = any.Start;
        var seen = new List<double>();
        foreach (var g in any.Gradients)
        {
            seen.Add(g + (any.Decay * w));
            w -= any.Rate * Direction(seen, any);
        }

        AssertClose(w, Walk(new Adam { LearningRate = any.Rate, WeightDecay = any.Decay, Beta1 = any.Beta, Beta2 = any.Beta2, Epsilon = Epsilon }, any));
    }

    [Property]
    public void AdamW_decays_the_weight_and_not_the_gradient(AnyDescent any)
    {
        var w = any.Start;
        var seen = new List<double>();
        foreach (var g in any.Gradients)
        {
            seen.Add(g);
            w = ((1 - (any.Rate * any.Decay)) * w) - (any.Rate * Direction(seen, any));
        }

        AssertClose(w, Walk(new AdamW { LearningRate = any.Rate, WeightDecay = any.Decay, Beta1 = any.Beta, Beta2 = any.Beta2, Epsilon = Epsilon }, any));
    }

    /// <summary>Weighted means over all gradients seen: weights β^age, divided by their sum, which is what the corrections amount to.</summary>
    private static double Direction(List<double> seen, AnyDescent any)
    {
        double Mean(Func<double, double> of, double beta)
        {
            var weights = seen.Select((_, i) => Math.Pow(beta, seen.Count - 1 - i)).ToList();
            return seen.Zip(weights, (g, weight) => of(g) * weight).Sum() / weights.Sum();
        }

        return Mean(g => g, any.Beta) / (Math.Sqrt(Mean(g => g * g, any.Beta2)) + Epsilon);
    }

    private static double Walk(Optimiser rule, AnyDescent any)
    {
        var weight = Dense.Number(any.Start);
        ImmutableArray<Dense> slots = [.. rule.SlotNames.Select(_ => Dense.Number(0))];
        var numbers = new double[rule.CoefficientNames.Length];
        for (var step = 0; step < any.Gradients.Length; step++)
        {
            rule.WriteCoefficients(step, rule.LearningRate, numbers);
            var coefficients = new Coefficients<Dense>(rule.CoefficientNames.Zip(numbers).ToDictionary(pair => pair.First, pair => Dense.Number(pair.Second)));
            (weight, slots) = rule.Update(weight, Dense.Number(any.Gradients[step]), slots, coefficients);
        }

        return weight.Scalar;
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Rounding * (1 + Math.Abs(expected)), $"{actual:R}, by its recurrence {expected:R}");
}
