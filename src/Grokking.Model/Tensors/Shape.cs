using System.Collections.Immutable;

namespace Grokking.Tensors;

/// <summary>The lengths of a tensor's axes, outermost first (row-major order). A scalar has no axes. Compared by value.</summary>
public sealed class Shape : IEquatable<Shape>
{
    private Shape(ImmutableArray<int> lengths)
    {
        Lengths = lengths;
        var count = 1L;
        foreach (var length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            count *= length;
        }

        Count = count <= int.MaxValue ? (int)count : throw new ArgumentException($"A tensor of shape {this} has too many elements: {count}.");
    }

    /// <summary>The shape of a single number: no axes, one element.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>The length of each axis.</summary>
    public ImmutableArray<int> Lengths { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Lengths.Length;

    /// <summary>The number of elements: the product of the lengths (1 for a scalar).</summary>
    public int Count { get; }

    /// <summary>The length of one axis, counted from 0.</summary>
    public int this[int axis] => Lengths[axis];

    /// <summary>A shape from its lengths.</summary>
    public static Shape Of(params int[] lengths) => new([.. lengths]);

    /// <summary>The number of elements of one entry along the first axis (1 for a vector).</summary>
    internal int RowCount() => Rank == 0 || Lengths[0] == 0 ? 1 : Count / Lengths[0];

    /// <summary>How far apart in memory neighbours along each axis lie, in elements, in row-major order.</summary>
    internal ImmutableArray<int> Strides()
    {
        var strides = new int[Rank];
        var stride = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Lengths[axis];
        }

        return [.. strides];
    }

    /// <summary>This shape with one axis of another length.</summary>
    public Shape With(int axis, int length) => new(Lengths.SetItem(axis, length));

    /// <summary>This shape with the given axes reduced to length 1.</summary>
    public Shape Reduced(Axes axes)
    {
        var lengths = Lengths.ToBuilder();
        foreach (var axis in axes.Values)
        {
            lengths[axis] = 1;
        }

        return new(lengths.ToImmutable());
    }

    /// <summary>This shape with its axes in another order: axis i of the result is axis order[i] of this one.</summary>
    public Shape Permuted(Axes order) => new([.. order.Values.Select(axis => Lengths[axis])]);

    /// <summary>
    /// The shape of an elementwise operation over two shapes: aligned at the last axis, a missing axis or one of length 1
    /// stretches to the other's length.
    /// </summary>
    /// <exception cref="ArgumentException">Two lengths differ and neither is 1.</exception>
    public static Shape Broadcast(Shape left, Shape right)
    {
        var rank = Math.Max(left.Rank, right.Rank);
        var lengths = new int[rank];
        for (var back = 1; back <= rank; back++)
        {
            var a = back <= left.Rank ? left[^back] : 1;
            var b = back <= right.Rank ? right[^back] : 1;
            lengths[rank - back] = a == b || b == 1
                ? a
                : a == 1 ? b : throw new ArgumentException($"Shapes {left} and {right} do not broadcast: {a} against {b}.");
        }

        return Of(lengths);
    }

    private int this[Index place] => Lengths[place.GetOffset(Rank)];

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && Lengths.AsSpan().SequenceEqual(other.Lengths.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var length in Lengths)
        {
            hash.Add(length);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Lengths)}]";
}
