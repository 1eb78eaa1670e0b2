using FsCheck;
using FsCheck.Fluent;
using Grokking.Randomness;

namespace Grokking.Properties.Arbitraries;

/// <summary>A random key, remembered by its seed; shrinks to smaller seeds.</summary>
public readonly record struct AnyKey(ulong Seed)
{
    public RandomKey Key => RandomKey.FromSeed(Seed);

    public static implicit operator RandomKey(AnyKey any) => any.Key;
}

/// <summary>A fraction strictly between 0 and 1: hundredths as people write them, and awkward doubles.</summary>
public readonly record struct ProperFraction(double Value)
{
    public static implicit operator double(ProperFraction fraction) => fraction.Value;
}

/// <summary>Seeds and fractions.</summary>
public static class Keys
{
    public static Arbitrary<AnyKey> AnyKeys() => Arb.From(
        Gen.OneOf(Gen.Choose(0, 9).Select(n => (ulong)n), ArbMap.Default.GeneratorFor<ulong>(), Gen.Constant(ulong.MaxValue))
            .Select(seed => new AnyKey(seed)),
        any => any.Seed == 0 ? [] : new[] { 0UL, any.Seed / 2, any.Seed - 1 }.Distinct().Select(seed => new AnyKey(seed)));

    public static Arbitrary<ProperFraction> ProperFractions() => Arb.From(
        Gen.OneOf(
            Gen.Choose(1, 99).Select(hundredths => hundredths / 100.0),
            Gen.Choose(1, int.MaxValue - 1).Select(part => part / (double)int.MaxValue),
            Gen.Elements(double.Epsilon, Math.BitDecrement(1.0), 1.0 / 3, 0.5))
            .Select(value => new ProperFraction(value)),
        fraction => fraction == 0.5 ? [] : [new ProperFraction(0.5)]);
}
