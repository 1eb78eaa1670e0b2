using FsCheck;
using FsCheck.Fluent;
using Grokking.Arithmetic;

namespace Grokking.Properties.Arbitraries;

/// <summary>Any formula of up to three operands, every operation included, divisions by anything.</summary>
public sealed record AnyExpression(TaskExpression Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A formula of x and y without division and without conditionals: a polynomial.</summary>
public sealed record AnyPolynomial(TaskExpression Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A polynomial of x alone; its operand can be renamed to y.</summary>
public sealed record PolynomialOfX(TaskExpression Value)
{
    public string InX => $"({Value})";

    public string InY => InX.Replace('x', 'y');

    public override string ToString() => Value.ToString();
}

/// <summary>Formulas, built as trees; they shrink to their parts.</summary>
public static class Expressions
{
    // Of the functions only those that go with any prime: a formula is to have a value.
    private static readonly TaskFunction[] EveryModulus =
        [.. TaskFunctions.All.Where(function => new[] { 2, 3, 5, 29, 31 }.All(p => function.Needs.Holds(new Modulus(p))))];

    private static readonly TaskFunction[] Predicates = [.. TaskFunctions.All.Where(function => function.IsPredicate)];

    public static Arbitrary<AnyExpression> AnyExpressions() => Arb.From(
        Gen.Sized(size => Tree(Math.Min(size, 40), operands: 3, withDivision: true)).Select(e => new AnyExpression(e)),
        any => any.Value.Parts.Select(part => new AnyExpression(part)));

    public static Arbitrary<AnyPolynomial> AnyPolynomials() => Arb.From(
        Gen.Sized(size => Tree(Math.Min(size, 20), operands: 2, withDivision: false)).Select(e => new AnyPolynomial(e)),
        any => any.Value.Parts.Select(part => new AnyPolynomial(part)));

    public static Arbitrary<PolynomialOfX> PolynomialsOfX() => Arb.From(
        Gen.Sized(size => Tree(Math.Min(size, 10), operands: 1, withDivision: false)).Select(e => new PolynomialOfX(e)),
        any => any.Value.Parts.Select(part => new PolynomialOfX(part)));

    private static Gen<TaskExpression> Tree(int size, int operands, bool withDivision)
    {
        Gen<TaskExpression> leaf = Gen.Frequency(
            (3, Gen.Choose(0, operands - 1).Select(index => (TaskExpression)new TaskExpression.Operand(index))),
            (2, Gen.Choose(0, 120).Select(value => (TaskExpression)new TaskExpression.Constant(value))),
            (1, Gen.Elements(0, 1, int.MaxValue).Select(value => (TaskExpression)new TaskExpression.Constant(value))));
        if (size <= 1)
        {
            return leaf;
        }
        Gen<TaskExpression> half = Tree(size / 2, operands, withDivision);
        Gen<TaskExpression> third = Tree(size / 3, operands, withDivision);
        Gen<TaskExpression> Pair(Func<TaskExpression, TaskExpression, TaskExpression> combine) =>
            from left in half from right in half select combine(left, right);
        (int, Gen<TaskExpression>)[] polynomial =
        [
            (1, leaf),
            (1, half.Select(e => (TaskExpression)new TaskExpression.Negation(e))),
            (2, Pair((l, r) => new TaskExpression.Sum(l, r))),
            (2, Pair((l, r) => new TaskExpression.Difference(l, r))),
            (2, Pair((l, r) => new TaskExpression.Product(l, r))),
            (2, from e in half from n in Gen.Frequency((5, Gen.Choose(0, 5)), (1, Gen.Choose(6, 60)))
                select (TaskExpression)new TaskExpression.Power(e, n)),
        ];
        return Gen.Frequency(!withDivision ? polynomial :
        [
            .. polynomial,
            (2, Pair((l, r) => new TaskExpression.Quotient(l, r))),
            (1, from predicate in Gen.Elements(Predicates) from test in third from then in third from otherwise in third
                select (TaskExpression)new TaskExpression.Conditional(new TaskExpression.Call(predicate, [test]), then, otherwise)),
            (2, from function in Gen.Elements(EveryModulus) from count in Gen.Choose(1, 3) from arguments in third.ArrayOf(function.Takes(count) ? count : function.Takes(1) ? 1 : 2)
                select (TaskExpression)new TaskExpression.Call(function, [.. arguments])),
        ]);
    }
}
