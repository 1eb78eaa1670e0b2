using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>Named tensors in a fixed order: weights, gradients, or an optimiser's memory. Immutable.</summary>
/// <typeparam name="T">The reading of the algebra.</typeparam>
public sealed class Parameters<T>
    where T : ITensor<T>
{
    /// <summary>Pairs names with values.</summary>
    /// <exception cref="ArgumentException">There are not as many values as names.</exception>
    public Parameters(ImmutableArray<string> names, ImmutableArray<T> values)
    {
        if (names.Length != values.Length)
        {
            throw new ArgumentException($"{names.Length} names cannot name {values.Length} tensors.");
        }

        Names = names;
        Values = values;
    }

    /// <summary>The names, in order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The tensors, in the order of the names.</summary>
    public ImmutableArray<T> Values { get; }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such name.</exception>
    public T this[string name] => Names.IndexOf(name) is var place and >= 0
        ? Values[place]
        : throw new KeyNotFoundException($"There is no tensor '{name}'; there are {string.Join(", ", Names)}.");

    /// <summary>These tensors and others after them.</summary>
    public Parameters<T> And(Parameters<T> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return others.Names.IsEmpty ? this : new(Names.AddRange(others.Names), Values.AddRange(others.Values));
    }

    /// <summary>The same names with other values, one for each.</summary>
    public Parameters<TOther> With<TOther>(ImmutableArray<TOther> values)
        where TOther : ITensor<TOther> => new(Names, values);

    /// <summary>The same names with each value transformed.</summary>
    public Parameters<TOther> Map<TOther>(Func<T, TOther> transform)
        where TOther : ITensor<TOther> => new(Names, [.. Values.Select(transform)]);
}
