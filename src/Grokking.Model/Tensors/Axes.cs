using System.Collections.Immutable;

namespace Grokking.Tensors;

/// <summary>An ordered list of axis numbers, compared by value: the axes of a reduction, or the order of a transposition.</summary>
public sealed class Axes : IEquatable<Axes>
{
    private Axes(ImmutableArray<int> values) => Values = values;

    /// <summary>The axis numbers, counted from 0.</summary>
    public ImmutableArray<int> Values { get; }

    /// <summary>How many axes are listed.</summary>
    public int Count => Values.Length;

    /// <summary>The axis at a place of the list.</summary>
    public int this[int place] => Values[place];

    /// <summary>The axes given, in the order given.</summary>
    public static Axes Of(params int[] axes) => new([.. axes]);

    /// <summary>All axes of a tensor of this rank: 0, 1, …, rank − 1.</summary>
    public static Axes All(int rank) => new([.. Enumerable.Range(0, rank)]);

    /// <summary>Whether an axis is listed.</summary>
    public bool Contains(int axis) => Values.Contains(axis);

    /// <summary>The order that undoes this one, when this is an order of a transposition.</summary>
    public Axes Inverse()
    {
        var inverse = new int[Count];
        for (var place = 0; place < Count; place++)
        {
            inverse[Values[place]] = place;
        }

        return Of(inverse);
    }

    /// <inheritdoc/>
    public bool Equals(Axes? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Axes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(", ", Values)})";
}
