using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
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

/// <summary>Any rule that experiments can ask for, with settings as it declares them.</summary>
public sealed record AnyRule(Optimiser Rule)
{
    public override string ToString() => $"{Rule}";
}

public static class Rules
{
    public static Arbitrary<AnyRule> AnyRules() => Arb.From(
        from kind in Gen.Elements(Declared.Kinds<Optimiser>().AsEnumerable())
        from seed in Gen.Choose(0, int.MaxValue)
        select new AnyRule(Declared.Draw<Optimiser>(kind, new Random(seed))));
}

/// <summary>What holds for every rule; then each against its recurrence for a single number, written a second time and in another form.</summary>
[Properties(Arbitrary = [typeof(Descents), typeof(Rules)])]
public class OptimiserLaws
{
    /// <summary>A few roundings per step over at most some hundred steps.</summary>
    private const double Rounding = 1e-11;

    private const double Epsilon = 1e-10;

    [Property]
    public void Every_coefficient_has_a_name_of_its_own_and_a_value(AnyRule any, byte step)
    {
        var values = Enumerable.Repeat(double.NaN, any.Rule.CoefficientNames.Length).ToArray();
        any.Rule.WriteCoefficients(step, any.Rule.LearningRate, values);
        Assert.All(values, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(any.Rule.CoefficientNames.Length, any.Rule.CoefficientNames.Distinct().Count());
        Assert.Equal(any.Rule.SlotNames.Length, any.Rule.SlotNames.Distinct().Count());
    }

    [Property]
    public void The_first_step_goes_against_the_gradient(AnyRule any, NonZeroInt gradient, int start)
    {
        var (w, g) = (start / 100.0, gradient.Get / 100.0);
        var moved = Walk(any.Rule with { WeightDecay = 0 }, w, [g]);
        Assert.True(double.IsFinite(moved));
        Assert.Equal(-Math.Sign(g), Math.Sign(moved - w));
    }

    [Property]
    public void Without_gradient_and_decay_or_without_a_rate_nothing_moves(AnyRule any, int start, AnyDescent descent)
    {
        var w = start / 100.0;
        Assert.Equal(w, Walk(any.Rule with { WeightDecay = 0 }, w, [0, 0, 0]));
        Assert.Equal(w, Walk(any.Rule with { LearningRate = 0 }, w, descent.Gradients));
    }

    [Property]
    public void Each_weight_moves_by_itself(AnyRule any, AnyDescent first, AnyDescent second)
    {
        AnyDescent[] both = [first, second];
        var steps = both.Min(descent => descent.Gradients.Length);
        Dense Pair(Func<AnyDescent, double> of) => Dense.Of(Shape.Of(2), [.. both.Select(of)]);
        var together = Walk(any.Rule, Pair(descent => descent.Start), [.. Enumerable.Range(0, steps).Select(step => Pair(descent => descent.Gradients[step]))]);
        Assert.Equal(both.Select(descent => Walk(any.Rule, descent.Start, descent.Gradients[..steps])), together.Span.ToArray());
    }

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

    private static double Walk(Optimiser rule, AnyDescent any) => Walk(rule, any.Start, any.Gradients);

    private static double Walk(Optimiser rule, double start, ImmutableArray<double> gradients) =>
        Walk(rule, Dense.Number(start), [.. gradients.Select(Dense.Number)]).Scalar;

    private static Dense Walk(Optimiser rule, Dense weight, ImmutableArray<Dense> gradients)
    {
        ImmutableArray<Dense> slots = [.. rule.SlotNames.Select(_ => Tensor.Fill<Dense>(weight.Shape, 0))];
        var numbers = new double[rule.CoefficientNames.Length];
        for (var step = 0; step < gradients.Length; step++)
        {
            rule.WriteCoefficients(step, rule.LearningRate, numbers);
            var coefficients = new Coefficients<Dense>(rule.CoefficientNames.Zip(numbers).ToDictionary(pair => pair.First, pair => Dense.Number(pair.Second)));
            (weight, slots) = rule.Update(weight, gradients[step], slots, coefficients);
        }

        return weight;
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Rounding * (1 + Math.Abs(expected)), $"{actual:R}, by its recurrence {expected:R}");
}
