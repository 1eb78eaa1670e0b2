using System.Collections.Immutable;
using System.Globalization;

namespace Grokking.Arithmetic;

/// <summary>A prime and how often it divides a number.</summary>
/// <param name="Prime">The prime.</param>
/// <param name="Exponent">Its exponent, at least 1.</param>
public readonly record struct PrimePower(int Prime, int Exponent);

/// <summary>
/// A modulus p ≥ 2, prime or not, and the arithmetic of the residues 0 … p-1. Residues are plain integers in that range;
/// <see cref="Reduce"/> makes one of any integer. Two moduli are equal when their values are.
/// </summary>
public sealed record Modulus
{
    /// <summary>The modulus with a value that is known to be right.</summary>
    /// <param name="value">p, from 2 to 2^31-1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is below 2; <see cref="From"/> does not throw.</exception>
    public Modulus(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
        Value = value;
        IsPrime = SmallestDivisor(value, 2) == value;
    }

    /// <summary>p.</summary>
    public int Value { get; }

    /// <summary>Whether p is prime, so that every residue but 0 has an inverse.</summary>
    public bool IsPrime { get; }

    /// <summary>The modulus of a number that a user wrote.</summary>
    /// <param name="value">Any integer.</param>
    /// <returns>The modulus, or the sentence that says what is allowed.</returns>
    public static Result<Modulus> From(long value) => value is >= 2 and <= int.MaxValue
        ? Result.Success(new Modulus((int)value))
        : Result.Failure<Modulus>(string.Create(CultureInfo.InvariantCulture, $"The modulus is {value}; allowed are 2 to {int.MaxValue}."));

    /// <summary>The prime factorisation of p, primes ascending; their product is p.</summary>
    /// <returns>At least one prime power.</returns>
    public ImmutableArray<PrimePower> Factorise() => Factorise(Value);

    /// <summary>How many residues have an inverse: Euler's φ(p), p-1 for a prime.</summary>
    /// <returns>φ(p).</returns>
    public int CountUnits() => Factorise().Aggregate(Value, (count, power) => count / power.Prime * (power.Prime - 1));

    /// <summary>The residue of any integer: the r in 0 … p-1 with r ≡ <paramref name="integer"/>.</summary>
    /// <param name="integer">The integer, negative ones included.</param>
    /// <returns>r.</returns>
    public int Reduce(long integer)
    {
        long remainder = integer % Value;
        return (int)(remainder < 0 ? remainder + Value : remainder);
    }

    /// <summary>a + b.</summary>
    /// <param name="a">A residue.</param>
    /// <param name="b">A residue.</param>
    /// <returns>The residue of the sum.</returns>
    public int Add(int a, int b) => (int)(((long)a + b) % Value);

    /// <summary>a - b.</summary>
    /// <param name="a">A residue.</param>
    /// <param name="b">A residue.</param>
    /// <returns>The residue of the difference.</returns>
    public int Subtract(int a, int b) => a >= b ? a - b : a - b + Value;

    /// <summary>-a.</summary>
    /// <param name="a">A residue.</param>
    /// <returns>The residue of the opposite.</returns>
    public int Negate(int a) => a == 0 ? 0 : Value - a;

    /// <summary>a b.</summary>
    /// <param name="a">A residue.</param>
    /// <param name="b">A residue.</param>
    /// <returns>The residue of the product.</returns>
    public int Multiply(int a, int b) => (int)((long)a * b % Value);

    /// <summary>a^n by repeated squaring; a^0 = 1, for a = 0 as well.</summary>
    /// <param name="a">A residue.</param>
    /// <param name="exponent">n ≥ 0.</param>
    /// <returns>The residue of the power.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exponent"/> is negative.</exception>
    public int Power(int a, long exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        int result = 1;
        for (int square = a; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
            {
                result = Multiply(result, square);
            }
            square = Multiply(square, square);
        }
        return result;
    }

    /// <summary>Whether a has an inverse: whether a and p have no common divisor.</summary>
    /// <param name="a">A residue.</param>
    /// <returns>True for 1 … p-1 of a prime.</returns>
    public bool IsUnit(int a) => GreatestCommonDivisor(a, Value) == 1;

    /// <summary>The b with a b ≡ 1, by the extended algorithm of Euclid.</summary>
    /// <param name="a">A residue with an inverse (<see cref="IsUnit"/>).</param>
    /// <returns>b.</returns>
    /// <exception cref="ArgumentException"><paramref name="a"/> has no inverse.</exception>
    public int Inverse(int a)
    {
        // Kept true throughout: remainder ≡ coefficient · a (mod p).
        (long remainder, long next) = (a, Value);
        (long coefficient, long nextCoefficient) = (1, 0);
        while (next != 0)
        {
            long quotient = remainder / next;
            (remainder, next) = (next, remainder - (quotient * next));
            (coefficient, nextCoefficient) = (nextCoefficient, coefficient - (quotient * nextCoefficient));
        }
        return remainder == 1
            ? Reduce(coefficient)
            : throw new ArgumentException($"{a} has no inverse modulo {Value}: both are divisible by {remainder}.", nameof(a));
    }

    /// <summary>The inverses of 1 … p-1 of a prime as a table; entry 0 is 0 and means nothing.</summary>
    /// <returns>p entries.</returns>
    /// <exception cref="InvalidOperationException">p is not prime.</exception>
    public ImmutableArray<int> Inverses()
    {
        RequirePrime("A table of inverses");
        var table = new int[Value];
        table[1] = 1;
        for (int a = 2; a < Value; a++)
        {
            // p = (p / a) a + (p mod a), hence 1/a = -(p / a) / (p mod a).
            table[a] = Negate(Multiply(Value / a, table[Value % a]));
        }
        return [.. table];
    }

    /// <summary>The smallest primitive root g of a prime: its powers g^0 … g^(p-2) are all of 1 … p-1.</summary>
    /// <returns>g; 1 for p = 2.</returns>
    /// <exception cref="InvalidOperationException">p is not prime.</exception>
    public int PrimitiveRoot()
    {
        RequirePrime("A primitive root");
        int order = Value - 1;
        ImmutableArray<PrimePower> divisors = Factorise(order);
        int candidate = 1;
        while (divisors.Any(divisor => Power(candidate, order / divisor.Prime) == 1))
        {
            candidate++;
        }
        return candidate;
    }

    /// <summary>p in digits.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    internal void RequirePrime(string what)
    {
        if (!IsPrime)
        {
            throw new InvalidOperationException($"{what} needs a prime modulus, and {Value} is not prime.");
        }
    }

    internal static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private static ImmutableArray<PrimePower> Factorise(int number)
    {
        ImmutableArray<PrimePower>.Builder powers = ImmutableArray.CreateBuilder<PrimePower>();
        int prime = 2;
        while (number > 1)
        {
            prime = SmallestDivisor(number, prime);
            int exponent = 0;
            for (; number % prime == 0; number /= prime)
            {
                exponent++;
            }
            powers.Add(new PrimePower(prime, exponent));
        }
        return powers.ToImmutable();
    }

    /// <summary>The smallest divisor from <paramref name="start"/> on of a number without smaller ones: a prime.</summary>
    private static int SmallestDivisor(int number, int start)
    {
        for (int divisor = start; divisor <= number / divisor; divisor++)
        {
            if (number % divisor == 0)
            {
                return divisor;
            }
        }
        return number;
    }
}
