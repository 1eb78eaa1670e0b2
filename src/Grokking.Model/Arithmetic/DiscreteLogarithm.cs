using System.Collections.Immutable;

namespace Grokking.Arithmetic;

/// <summary>
/// The discrete logarithm of a prime p to a primitive root g: log(x) is the k in 0 … p-2 with g^k ≡ x, for x in 1 … p-1. It
/// carries products to sums, log(x y) ≡ log x + log y (mod p-1), and so makes addition modulo p-1 of multiplication modulo p.
/// </summary>
public sealed class DiscreteLogarithm
{
    private readonly ImmutableArray<int> logarithms;
    private readonly ImmutableArray<int> powers;

    /// <summary>Builds the tables for the smallest primitive root.</summary>
    /// <param name="modulus">A prime.</param>
    /// <exception cref="InvalidOperationException"><paramref name="modulus"/> is not prime.</exception>
    public DiscreteLogarithm(Modulus modulus)
    {
        ArgumentNullException.ThrowIfNull(modulus);
        Modulus = modulus;
        Base = modulus.PrimitiveRoot();
        var logarithmOf = new int[modulus.Value];
        var powerOf = new int[modulus.Value - 1];
        int power = 1;
        for (int k = 0; k < powerOf.Length; k++)
        {
            powerOf[k] = power;
            logarithmOf[power] = k;
            power = modulus.Multiply(power, Base);
        }
        logarithms = [.. logarithmOf];
        powers = [.. powerOf];
    }

    /// <summary>p.</summary>
    public Modulus Modulus { get; }

    /// <summary>g.</summary>
    public int Base { get; }

    /// <summary>p-1, the modulus of the logarithms (1 for p = 2).</summary>
    public int Order => powers.Length;

    /// <summary>log(x).</summary>
    /// <param name="x">A residue from 1 to p-1.</param>
    /// <returns>k in 0 … p-2.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is 0, which has no logarithm, or no residue.</exception>
    public int Of(int x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Modulus.Value);
        return logarithms[x];
    }

    /// <summary>g^k.</summary>
    /// <param name="k">The logarithm, 0 to p-2.</param>
    /// <returns>The residue with that logarithm, 1 to p-1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is out of range.</exception>
    public int Power(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(k, Order);
        return powers[k];
    }
}
