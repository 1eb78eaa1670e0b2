using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;

namespace Grokking.Measures;

/// <summary>The explanations that there are.</summary>
public static class Explanations
{
    /// <summary>The largest p at which all p² logits are looked at, in every class: 16 MB of numbers.</summary>
    public const int LargestTable = 128;

    /// <summary>The most gradient numbers of one sample, weights times outputs, that a kernel is made of.</summary>
    public const double MostGradients = 1 << 25;

    private const string AnyNetwork = "every network and a task of at least two samples";

    private const string Sums = "the sum of two operands, x + y, with a modulus of at most 128";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(
            "linearMappingNumber",
            $"how many linear pieces the network behaves like between samples (arXiv 2310.05918): in closed form over {LinearMappingExplainer.ClosedSamples} samples for "
            + $"the quadratic network, else from the embedding on over {LinearMappingExplainer.SampledSamples} samples, {LinearMappingExplainer.SampledPlaces} times the network",
            AnyNetwork,
            (_, task) => task.TupleCount > 1,
            setup => new LinearMappingExplainer(setup)),
        new(
            "kernelAlignment",
            "how well the tangent kernel on test samples suits their labels, and how far it has moved (arXiv 2310.06110)",
            "the quadratic network, and networks with at most 33,554,432 weights times outputs",
            (network, task) => KernelExplainer.IsClosed(network) || KernelExplainer.Gradients(network, task) <= MostGradients,
            setup => new KernelExplainer(setup)),
        new(
            "weightMovement",
            "|w − w0|/|w0|: how far the weights have moved since the start; small in the lazy regime",
            AnyNetwork,
            (_, _) => true,
            setup => new MovementExplainer(setup)),
        new(
            "circuit",
            "parameter norm and mean logit of the right class, and the generalising and memorising parts of it (arXiv 2309.02390); once all pairs through the network",
            Sums,
            (_, task) => IsSum(task),
            setup => new CircuitExplainer(setup)),
        new(
            "restrictedLoss",
            "the loss of the key frequencies alone and of all else (arXiv 2301.05217), key frequencies found from the logits at hand; once all pairs through the network",
            Sums,
            (_, task) => IsSum(task),
            setup => new RestrictedLossExplainer(setup)),
    ];

    /// <summary>The words that an experiment may list, in alphabetical order.</summary>
    public static IReadOnlyList<string> Keywords { get; } = [.. All.Select(explanation => explanation.Keyword).Order(StringComparer.Ordinal)];

    /// <summary>The explanations that the given words ask for and that mean something for a network and a task, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<Explanation> For(INetwork network, ArithmeticTask task, IReadOnlyCollection<string> keywords) =>
        [.. All.Where(explanation => keywords.Contains(explanation.Keyword) && explanation.AppliesTo(network, task))];

    private static bool IsSum(ArithmeticTask task)
    {
        var p = task.Modulus.Value;
        return task.OperandCount == 2 && p <= LargestTable && task.Tabulate().Values.Select((value, pair) => value == ((pair / p) + (pair % p)) % p).All(same => same);
    }
}
