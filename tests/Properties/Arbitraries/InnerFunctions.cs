using FsCheck;
using FsCheck.Fluent;
using Grokking.Arithmetic;

namespace Grokking.Properties.Arbitraries;

/// <summary>h(g1(x) ∘ g2(y)) for any functions modulo 2 to 13, with the product modulo primes only.</summary>
public sealed record AnyForm(int Modulus, bool IsProduct, int[] First, int[] Second, int[] Outer)
{
    public TaskTable Table => Tables.Of(
        Modulus, (x, y) => Outer[(IsProduct ? First[x] * Second[y] : First[x] + Second[y]) % Modulus]);
}

/// <summary>The same where g1 and g2 are one-to-one, and h any function.</summary>
public sealed record OneToOneForm(AnyForm Form)
{
    public TaskTable Table => Form.Table;
}

/// <summary>Any table modulo 2 or 3, defined everywhere, or but for one column, or with undefined entries scattered over it.</summary>
public sealed record TinyTable(int Modulus, int[] Values)
{
    public TaskTable Table => Tables.Of(Modulus, (x, y) => Values[(x * Modulus) + y]);
}

/// <summary>Tables that no formula was written for.</summary>
public static class Tables
{
    public static TaskTable Of(int modulus, Func<int, int, int> value) => TaskTable.Of(
        new Modulus(modulus), [.. Enumerable.Range(0, modulus * modulus).Select(tuple => value(tuple / modulus, tuple % modulus))]);
}

/// <summary>Inner and outer functions as tables.</summary>
public static class InnerFunctions
{
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13];

    public static Arbitrary<AnyForm> AnyForms() => Arb.From(Forms(modulus => Gen.Choose(0, modulus - 1).ArrayOf(modulus)));

    public static Arbitrary<OneToOneForm> OneToOneForms() => Arb.From(
        Forms(modulus => Gen.Shuffle(Enumerable.Range(0, modulus).ToArray())).Select(form => new OneToOneForm(form)));

    public static Arbitrary<TinyTable> TinyTables() => Arb.From(
        from modulus in Gen.Elements(2, 3, 3, 3)
        from least in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(TaskTable.Undefined)))
        from values in Gen.Choose(least, modulus - 1).ArrayOf(modulus * modulus)
        from column in Gen.Choose(-3, modulus - 1)
        select new TinyTable(modulus, [.. values.Select((value, tuple) => tuple % modulus == column ? TaskTable.Undefined : value)]));

    private static Gen<AnyForm> Forms(Func<int, Gen<int[]>> inner) =>
        from modulus in Gen.Choose(2, 13)
        from isProduct in Gen.Elements(true, false)
        from first in inner(modulus)
        from second in inner(modulus)
        from outer in Gen.Choose(0, modulus - 1).ArrayOf(modulus)
        select new AnyForm(modulus, isProduct && Primes.Contains(modulus), first, second, outer);
}
