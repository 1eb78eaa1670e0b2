using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;

namespace Grokking.Training;

/// <summary>
/// Tells which runs one <see cref="IFleet"/> can train: those whose steps and evaluations are the same formulas over as many samples, so that what differs is an input: weights,
/// keys, rates, decays, schedules, the samples themselves. The formulas are compared, not the settings; a setting that enters a formula as a constant divides runs.
/// </summary>
/// <remarks>Equal nodes get equal numbers, as long as one object numbers them. Not safe for use by several threads at once.</remarks>
public sealed class Kinship
{
    private readonly Dictionary<Key, int> nodes = [];
    private readonly Dictionary<Key, int> families = [];

    /// <summary>The family of a run: the same number for all that can be trained together.</summary>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="train">Its training set; not empty.</param>
    /// <param name="test">Its test set; not empty.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    public int Of(Recipe recipe, Samples train, Samples test)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var size = recipe.BatchSizeOn(train, test);
        Computation Evaluation(Samples samples) => Tracing.Evaluation(recipe, samples.Operands.Length, samples.Modulus, samples.Count, gradients: true);
        ImmutableArray<int> formulas =
        [
            .. Numbered(Tracing.Step(recipe, train.Operands.Length, train.Modulus, size)),
            .. Numbered(Evaluation(train)),
            .. Numbered(Evaluation(test)),
        ];
        return Number(families, new(recipe.EndsEpochs && recipe.BatchSize is not null, [train.Count, test.Count, .. formulas]));
    }

    private IEnumerable<int> Numbered(Computation computation)
    {
        var numbers = new Dictionary<Expression, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in Expression.InOrder(computation.Roots.AsSpan()))
        {
            numbers[node] = Number(nodes, new(node.Primitive, [.. node.Inputs.Select(input => numbers[input])]));
        }

        return computation.Roots.Select(root => numbers[root]);
    }

    private static int Number(Dictionary<Key, int> known, Key key)
    {
        if (!known.TryGetValue(key, out var number))
        {
            known.Add(key, number = known.Count);
        }

        return number;
    }

    /// <summary>Something, and numbers in their order.</summary>
    private readonly struct Key(object what, ImmutableArray<int> numbers) : IEquatable<Key>
    {
        private readonly object what = what;
        private readonly ImmutableArray<int> numbers = numbers;

        public bool Equals(Key other) => what.Equals(other.what) && numbers.AsSpan().SequenceEqual(other.numbers.AsSpan());

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(what);
            foreach (var number in numbers)
            {
                hash.Add(number);
            }

            return hash.ToHashCode();
        }
    }
}
