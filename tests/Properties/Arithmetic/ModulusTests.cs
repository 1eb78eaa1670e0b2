using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli)])]
public sealed class ModulusTests
{
    [Property]
    public bool A_modulus_knows_whether_it_is_prime(AnyModulus m) => new Modulus(m).IsPrime == Moduli.IsPrime(m);

    [Property]
    public bool The_factors_are_primes_in_ascending_order_and_multiply_to_the_modulus(AnyModulus m)
    {
        var factors = new Modulus(m).Factorise();
        return factors.All(f => f.Exponent >= 1 && Moduli.IsPrime(f.Prime))
            && factors.Select(f => f.Prime).SequenceEqual(factors.Select(f => f.Prime).Distinct().Order())
            && factors.Aggregate(1, (product, f) => product * (int)Math.Pow(f.Prime, f.Exponent)) == m;
    }

    [Property]
    public bool A_residue_times_its_inverse_is_one(AnyModulus m)
    {
        var modulus = new Modulus(m);
        return Residues(m).Where(modulus.IsUnit).All(a => modulus.Multiply(a, modulus.Inverse(a)) == 1);
    }

    [Property]
    public bool The_table_of_inverses_agrees_with_the_algorithm_of_Euclid(SmallPrime p)
    {
        var modulus = new Modulus(p);
        var inverses = modulus.Inverses();
        return inverses[0] == 0 && Residues(p).Skip(1).All(a => inverses[a] == modulus.Inverse(a));
    }

    [Property]
    public bool Units_are_counted_and_are_all_but_zero_for_a_prime(AnyModulus m)
    {
        var modulus = new Modulus(m);
        int units = Residues(m).Count(modulus.IsUnit);
        return units == modulus.CountUnits() && modulus.IsPrime == (units == m - 1);
    }

    [Property]
    public bool A_residue_without_inverse_is_refused(CompositeModulus m)
    {
        var modulus = new Modulus(m);
        int divisor = modulus.Factorise()[0].Prime;
        string message = Assert.Throws<ArgumentException>(() => modulus.Inverse(divisor)).Message;
        return !modulus.IsUnit(divisor) && message.Contains($"modulo {m.Value}", StringComparison.Ordinal);
    }

    [Property]
    public bool Residues_are_what_is_left_after_taking_multiples_away(AnyModulus m, int integer)
    {
        int residue = new Modulus(m).Reduce(integer);
        return residue >= 0 && residue < m && ((long)integer - residue) % m.Value == 0;
    }

    [Property]
    public bool Sums_differences_and_opposites_fit_together(AnyModulus m, int left, int right)
    {
        var modulus = new Modulus(m);
        int a = modulus.Reduce(left), b = modulus.Reduce(right);
        return modulus.Subtract(modulus.Add(a, b), b) == a
            && modulus.Add(a, modulus.Negate(a)) == 0
            && modulus.Subtract(a, b) == modulus.Add(a, modulus.Negate(b))
            && modulus.Add(a, b) == (a + b) % m;
    }

    [Property]
    public bool Powers_are_repeated_products(AnyModulus m, int a, byte exponent)
    {
        var modulus = new Modulus(m);
        int residue = modulus.Reduce(a);
        return modulus.Power(residue, exponent) == Enumerable.Repeat(residue, exponent).Aggregate(1, modulus.Multiply);
    }

    [Property]
    public bool Powers_of_a_primitive_root_are_all_residues_but_zero(SmallPrime p)
    {
        var modulus = new Modulus(p);
        int root = modulus.PrimitiveRoot();
        return Enumerable.Range(0, p - 1).Select(k => modulus.Power(root, k)).Order().SequenceEqual(Residues(p).Skip(1));
    }

    [Property]
    public bool Logarithms_undo_powers_and_powers_undo_logarithms(SmallPrime p)
    {
        var log = new DiscreteLogarithm(new Modulus(p));
        return Residues(p).Skip(1).All(x => log.Power(log.Of(x)) == x)
            && Enumerable.Range(0, log.Order).All(k => log.Of(log.Power(k)) == k);
    }

    [Property]
    public bool The_logarithm_of_a_product_is_the_sum_of_the_logarithms(SmallPrime p, int left, int right)
    {
        var modulus = new Modulus(p);
        var log = new DiscreteLogarithm(modulus);
        int x = 1 + (int)((uint)left % (uint)(p - 1)), y = 1 + (int)((uint)right % (uint)(p - 1));
        return log.Of(modulus.Multiply(x, y)) == (log.Of(x) + log.Of(y)) % log.Order
            && log.Of(modulus.Inverse(x)) == (log.Order - log.Of(x)) % log.Order
            && log.Of(1) == 0;
    }

    [Property]
    public void A_composite_modulus_has_no_logarithm(CompositeModulus m) =>
        Assert.Throws<InvalidOperationException>(() => new DiscreteLogarithm(new Modulus(m)));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(23, 5)]
    [InlineData(41, 6)]
    [InlineData(97, 5)]
    [InlineData(113, 3)]
    [InlineData(191, 19)]
    public void Known_primitive_roots_are_found(int prime, int root) => Assert.Equal(root, new Modulus(prime).PrimitiveRoot());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-97)]
    [InlineData(int.MaxValue + 1L)]
    public void A_number_that_is_no_modulus_is_answered_with_what_is_allowed(long value) =>
        Assert.Equal(
            $"The modulus is {value}; allowed are 2 to 2147483647.",
            Assert.IsType<Result<Modulus>.Failure>(Modulus.From(value)).Reason);

    [Fact]
    public void The_largest_modulus_is_a_prime_and_its_residues_multiply_without_overflow()
    {
        Modulus largest = Modulus.From(int.MaxValue).OrThrow();
        Assert.True(largest.IsPrime);
        Assert.Equal(1, largest.Multiply(int.MaxValue - 1, int.MaxValue - 1));
        Assert.Equal(int.MaxValue - 2, largest.Add(int.MaxValue - 1, int.MaxValue - 1));
        Assert.Equal(1, largest.Power(7, int.MaxValue - 1));
    }

    private static IEnumerable<int> Residues(int modulus) => Enumerable.Range(0, modulus);
}
