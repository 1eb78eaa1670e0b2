using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Grokking.Properties.Arbitraries;

/// <summary>A law is worth what its generator reaches.</summary>
[Properties(Arbitrary = [typeof(Moduli)])]
public sealed class ModuliTests
{
    [Property]
    public bool Small_primes_are_prime(SmallPrime p) => Moduli.IsPrime(p);

    [Property]
    public bool Odd_primes_are_odd_and_prime(OddPrime p) => p % 2 == 1 && Moduli.IsPrime(p);

    [Property]
    public bool Composites_have_a_proper_divisor(CompositeModulus m) => Enumerable.Range(2, m - 2).Any(d => m % d == 0);

    [Fact]
    public void Draws_reach_the_corners_and_the_hundreds()
    {
        SmallPrime[] primes = [.. Moduli.SmallPrimes().Generator.Sample(1000, 50)];
        Assert.Contains(primes, p => p == 2);
        Assert.Contains(primes, p => p == 3);
        Assert.Contains(primes, p => p > 200);
        AnyModulus[] any = [.. Moduli.AnyModuli().Generator.Sample(1000, 50)];
        Assert.Contains(any, m => Moduli.IsPrime(m));
        Assert.Contains(any, m => !Moduli.IsPrime(m));
    }

    [Property]
    public bool Shrinking_goes_down_and_stays_in_the_family(CompositeModulus m) =>
        Moduli.Composites().Shrinker(m).All(smaller => smaller < m && !Moduli.IsPrime(smaller));
}
