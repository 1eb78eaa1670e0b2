using System.Collections.Immutable;

namespace Grokking.Tensors;

/// <summary>
/// An operation that the algebra is built from. One entry says everything about it: the shape of its result, its meaning on
/// float64 numbers, and its derivative in both directions. Entries are compared by value, so that equal operations on equal
/// inputs can be recognised as one.
/// </summary>
/// <remarks>
/// With J the Jacobian at the inputs, <see cref="Pushforward{T}"/> gives J·v and <see cref="Pullback{T}"/> gives Jᵀ·u. Both are
/// written over the algebra itself, so that a derivative can be read in every reading again. The law ⟨u, J·v⟩ = ⟨Jᵀ·u, v⟩ binds them.
/// </remarks>
public abstract record Primitive
{
    /// <summary>The name in printed formulas and plans.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>The shape of the result.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit; the message names them.</exception>
    public abstract Shape ShapeOf(ImmutableArray<Shape> inputs);

    /// <summary>The definition: the result on float64 numbers, by plain loops in index order.</summary>
    public abstract Dense Evaluate(ImmutableArray<Dense> inputs);

    /// <summary>Forward mode: the change of the output when the inputs change by the tangents.</summary>
    public abstract T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output)
        where T : ITensor<T>;

    /// <summary>Reverse mode: the cotangent of every input, given the cotangent of the output.</summary>
    public abstract ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent)
        where T : ITensor<T>;

    /// <summary>Throws with both shapes named when a condition on them fails.</summary>
    protected void Require(bool condition, ImmutableArray<Shape> inputs, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"{Name} does not fit shapes {string.Join(" and ", inputs)}: {rule}.");
        }
    }
}
