using System.Collections.Immutable;

namespace Grokking.Tensors;

/// <summary>
/// One reading of the tensor algebra. A reading says what it means to apply a primitive; every network, loss and optimiser is
/// written once over <typeparamref name="T"/> with the operators below and the functions of <see cref="Tensor"/>, and means
/// something in each: numbers (<see cref="Dense"/>), a formula (<see cref="Differentiation.Expression"/>), or a number together
/// with its derivative (<see cref="Differentiation.Dual{T}"/>).
/// </summary>
/// <typeparam name="T">The reading itself.</typeparam>
public interface ITensor<T>
    where T : ITensor<T>
{
    /// <summary>The lengths of the axes.</summary>
    Shape Shape { get; }

    /// <summary>The result of a primitive on these inputs.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit the primitive; the message names them.</exception>
    static abstract T Apply(Primitive primitive, params ImmutableArray<T> inputs);

    /// <summary>Elementwise sum, with broadcasting.</summary>
    static abstract T operator +(T left, T right);

    /// <summary>Elementwise difference, with broadcasting.</summary>
    static abstract T operator -(T left, T right);

    /// <summary>Elementwise product, with broadcasting.</summary>
    static abstract T operator *(T left, T right);

    /// <summary>Elementwise quotient, with broadcasting.</summary>
    static abstract T operator /(T left, T right);
}
