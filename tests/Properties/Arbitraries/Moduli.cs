using FsCheck;
using FsCheck.Fluent;

namespace Grokking.Properties.Arbitraries;

/// <summary>A prime from 2 into the hundreds, small ones more often; shrinks to smaller primes.</summary>
public readonly record struct SmallPrime(int Value)
{
    public static implicit operator int(SmallPrime prime) => prime.Value;
}

/// <summary>A prime from 3 into the hundreds: where 2 has an inverse and x and -x differ.</summary>
public readonly record struct OddPrime(int Value)
{
    public static implicit operator int(OddPrime prime) => prime.Value;
}

/// <summary>A composite from 4 into the hundreds: prime powers, squarefree and mixed ones.</summary>
public readonly record struct CompositeModulus(int Value)
{
    public static implicit operator int(CompositeModulus modulus) => modulus.Value;
}

/// <summary>Any modulus from 2 into the hundreds, prime or not; shrinks towards 2.</summary>
public readonly record struct AnyModulus(int Value)
{
    public static implicit operator int(AnyModulus modulus) => modulus.Value;
}

/// <summary>A modulus small enough to walk through all its pairs or triples in each of a hundred tests: 2 to 31.</summary>
public readonly record struct TinyModulus(int Value)
{
    public static implicit operator int(TinyModulus modulus) => modulus.Value;
}

/// <summary>A prime small enough to walk through all its pairs or triples in each of a hundred tests: 2 to 31.</summary>
public readonly record struct TinyPrime(int Value)
{
    public static implicit operator int(TinyPrime prime) => prime.Value;
}

/// <summary>The moduli that the field works with, corners first: 2, 3, the papers' own (23, 41, 97, 113), each kind of composite.</summary>
public static class Moduli
{
    /// <summary>The largest modulus drawn.</summary>
    public const int Largest = 401;

    private const int LargestTiny = 31;

    public static Arbitrary<SmallPrime> SmallPrimes() =>
        Drawn(IsPrime, Largest, [2, 3, 5, 7, 23, 41, 97, 113, 401], v => new SmallPrime(v), p => p);

    public static Arbitrary<OddPrime> OddPrimes() =>
        Drawn(v => v > 2 && IsPrime(v), Largest, [3, 5, 7, 97, 257], v => new OddPrime(v), p => p);

    public static Arbitrary<CompositeModulus> Composites() =>
        Drawn(v => !IsPrime(v), Largest, [4, 6, 8, 9, 12, 30, 91, 100, 256, 361], v => new CompositeModulus(v), m => m);

    public static Arbitrary<AnyModulus> AnyModuli() => Drawn(_ => true, Largest, [2, 3, 4, 6, 9, 97, 100], v => new AnyModulus(v), m => m);

    public static Arbitrary<TinyModulus> TinyModuli() => Drawn(_ => true, LargestTiny, [2, 3, 4, 6], v => new TinyModulus(v), m => m);

    public static Arbitrary<TinyPrime> TinyPrimes() => Drawn(IsPrime, LargestTiny, [2, 3, 5, 7], v => new TinyPrime(v), p => p);

    /// <summary>Division by every smaller number: slow, and independent of the product's own test.</summary>
    public static bool IsPrime(int value) => value > 1 && Enumerable.Range(2, value - 2).All(d => value % d != 0);

    private static Arbitrary<T> Drawn<T>(Func<int, bool> belongs, int largest, int[] corners, Func<int, T> wrap, Func<T, int> unwrap)
    {
        int[] members = [.. Enumerable.Range(2, largest - 1).Where(belongs)];
        int[] smaller = members[..(members.Length / 4 + 1)];
        Gen<T> generator = Gen.Frequency((2, Gen.Elements(corners)), (2, Gen.Elements(smaller)), (1, Gen.Elements(members))).Select(wrap);
        // The smallest members first, then the nearest one below: short to the corner, and still able to stop at a boundary.
        return Arb.From(generator, value => members.Where(m => m < unwrap(value)).Take(5)
            .Concat(members.Where(m => m < unwrap(value)).TakeLast(1)).Distinct().Select(wrap));
    }
}
