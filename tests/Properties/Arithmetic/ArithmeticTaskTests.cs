using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Expressions)])]
public sealed class ArithmeticTaskTests
{
    // Enough tuples to meet every branch, few enough for the interpreter, which searches its quotients one by one.
    private const int TuplesLookedAt = 200;

    [Property(MaxTest = 300)]
    public void Evaluation_agrees_with_an_interpreter_in_unbounded_integers(AnyExpression any, TinyPrime p)
    {
        ArithmeticTask task;
        switch (ArithmeticTask.Define(any.Value, new Modulus(p)))
        {
            case Result<ArithmeticTask>.Success defined:
                task = defined.Value;
                break;
            case Result<ArithmeticTask>.Failure refused:
                Assert.Matches("divides by .* which (is 0|has no value) modulo", refused.Reason);
                return;
            default:
                throw new InvalidOperationException();
        }
        TaskTable table = task.Tabulate();
        int step = Math.Max(1, table.Values.Length / TuplesLookedAt);
        for (int tuple = 0; tuple < table.Values.Length; tuple += step)
        {
            BigInteger[] operands = [.. Enumerable.Range(0, task.OperandCount).Select(k => (BigInteger)table.Operand(tuple, k))];
            BigInteger? expected = Interpret(any.Value, operands, p.Value);
            Assert.Equal(expected ?? TaskTable.Undefined, table.Values[tuple]);
        }
    }

    [Property]
    public void Polynomials_evaluate_modulo_composites_as_well(AnyPolynomial any, CompositeModulus m)
    {
        TaskTable table = ArithmeticTask.Define(any.Value, new Modulus(m)).Bind(task => task.WithOperands(2)).OrThrow().Tabulate();
        for (int tuple = 0; tuple < table.Values.Length; tuple += 1 + (table.Values.Length / TuplesLookedAt))
        {
            BigInteger[] operands = [tuple / m.Value, tuple % m.Value];
            Assert.Equal(Interpret(any.Value, operands, m.Value)!.Value, table.Values[tuple]);
        }
    }

    [Property]
    public bool A_quotient_times_its_divisor_is_the_dividend_on_the_whole_domain(SmallPrime p)
    {
        DataSet data = DataSet.Of(ArithmeticTask.Parse("x / y", new Modulus(p)).OrThrow()).OrThrow();
        return data.Count == p * (p - 1)
            && Enumerable.Range(0, data.Count).All(i =>
                data.Operands[1][i] != 0 && data.Labels[i] * data.Operands[1][i] % p == data.Operands[0][i]);
    }

    [Property]
    public void A_constant_divisor_with_an_inverse_divides_modulo_any_modulus(AnyModulus m)
    {
        var modulus = new Modulus(m);
        int divisor = Enumerable.Range(1, m - 1).Last(modulus.IsUnit);
        TaskTable table = ArithmeticTask.Parse($"x / {divisor}", modulus).OrThrow().Tabulate();
        Assert.All(Enumerable.Range(0, m), x => Assert.Equal(x, modulus.Multiply(table.Values[x], divisor)));
    }

    [Property]
    public void A_division_that_a_composite_modulus_does_not_allow_is_explained(CompositeModulus m)
    {
        string start = $"The division 'x / y' needs a prime modulus, and {m.Value} is not prime ({m.Value} = ";
        Assert.StartsWith(start, Reason("x + x / y", m), StringComparison.Ordinal);
        int factor = new Modulus(m).Factorise()[0].Prime;
        string part = $"divides by {factor}, which has no inverse modulo {m.Value}";
        Assert.Contains(part, Reason($"x / {factor}", m), StringComparison.Ordinal);
    }

    [Property]
    public void A_division_by_zero_written_as_a_constant_is_explained(AnyModulus m) =>
        Assert.Equal($"The division 'y / {m.Value}' divides by {m.Value}, which is 0 modulo {m.Value}.", Reason($"y / {m.Value}", m));

    [Fact]
    public void Only_the_branch_taken_needs_to_be_defined()
    {
        int Samples(string text) => DataSet.Of(ArithmeticTask.Parse(text, new Modulus(97)).OrThrow()).OrThrow().Count;
        Assert.Equal(97 * 97, Samples("if odd(y) then x / y else x - y"));
        Assert.Equal(97 * 96, Samples("if even(y) then x / y else x - y"));
    }

    [Theory]
    [InlineData("0^0", 1)]
    [InlineData("-1", 96)]
    [InlineData("2147483647", 2147483647 % 97)]
    [InlineData("1 / 2", 49)]
    [InlineData("if odd(97) then 1 else 2", 2)]
    [InlineData("max(5, 100, -1)", 96)]
    [InlineData("1 / log(5)", 1)]
    [InlineData("if even(-1) then 1 else 2", 1)]
    [InlineData("5^2147483647", 7)]
    public void Constants_have_the_value_that_the_field_gives_them(string text, int value) =>
        Assert.All(ArithmeticTask.Parse(text, new Modulus(97)).OrThrow().Tabulate().Values, actual => Assert.Equal(value, actual));

    [Theory]
    [InlineData("x + y", 1, 2)]
    [InlineData("x", 1, 1)]
    [InlineData("x", 3, 3)]
    [InlineData("y", 1, 2)]
    [InlineData("7", 1, 1)]
    [InlineData("x1 + x3", 2, 3)]
    public void A_task_has_the_operands_it_mentions_or_more(string text, int minimum, int operands)
    {
        ArithmeticTask task = ArithmeticTask.Parse(text, new Modulus(5)).Bind(task => task.WithOperands(minimum)).OrThrow();
        Assert.Equal(operands, task.OperandCount);
        Assert.Equal((int)Math.Pow(5, operands), task.TupleCount);
    }

    [Theory]
    [InlineData("x + y", 3163, 1, "Modulus 3163 and 2 operands make more than 10000000 tuples")]
    [InlineData("x + y", int.MaxValue, 1, "Modulus 2147483647 and 2 operands")]
    [InlineData("x23", 97, 1, "Modulus 97 and 23 operands")]
    [InlineData("x", 2, 24, "A task has 1 to 23 operands, not 24.")]
    [InlineData("x", 2, 0, "A task has 1 to 23 operands, not 0.")]
    public void Too_large_a_task_is_refused_in_a_sentence(string text, int modulus, int minimum, string reason) =>
        Assert.Contains(reason, Reason(text, modulus, minimum), StringComparison.Ordinal);

    [Fact]
    public void A_tree_of_any_depth_is_refused_without_recursion()
    {
        TaskExpression tower = new TaskExpression.Operand(0);
        for (int i = 0; i < 1_000_000; i++)
        {
            tower = new TaskExpression.Negation(tower);
        }
        Assert.False(ArithmeticTask.Define(tower, new Modulus(2)).Succeeded);
    }

    [Fact]
    public void A_parse_error_reaches_the_user_with_its_caret() =>
        Assert.EndsWith("\n  x + * y\n      ^", Reason("x + * y", 7), StringComparison.Ordinal);

    private static string Reason(string text, int modulus, int least = 1) =>
        Assert.IsType<Result<ArithmeticTask>.Failure>(ArithmeticTask.Parse(text, new Modulus(modulus)).Bind(task => task.WithOperands(least))).Reason;

    // The meaning of a formula at one tuple, as plainly as it can be said: integers without bound, one reduction per operation, a
    // quotient found by trying every residue, null where there is no unique one.
    private static BigInteger? Interpret(TaskExpression expression, BigInteger[] operands, int p)
    {
        BigInteger? Of(TaskExpression part) => Interpret(part, operands, p);
        BigInteger? value = expression switch
        {
            TaskExpression.Constant e => e.Value,
            TaskExpression.Operand e => operands[e.Index],
            TaskExpression.Negation e => -Of(e.Inner),
            TaskExpression.Sum e => Of(e.Left) + Of(e.Right),
            TaskExpression.Difference e => Of(e.Left) - Of(e.Right),
            TaskExpression.Product e => Of(e.Left) * Of(e.Right),
            TaskExpression.Power e => Of(e.Base) is { } root ? BigInteger.Pow(root, e.Exponent) : null,
            TaskExpression.Quotient e => Of(e.Dividend) is { } dividend && Of(e.Divisor) is { } divisor
                && Enumerable.Range(0, p).Where(z => z * divisor % p == dividend).Take(2).ToArray() is [int only] ? only : null,
            TaskExpression.Call e => Call(e.Function, [.. e.Arguments.Select(Of)], p),
            TaskExpression.Conditional e => Of(e.Test) is { } test ? Of(test.IsZero ? e.Else : e.Then) : null,
            _ => throw new InvalidOperationException(),
        };
        return value is { } integer ? ((integer % p) + p) % p : null;
    }

    // What each function means is looked at in TaskFunctionTests.
    private static BigInteger? Call(TaskFunction function, BigInteger?[] arguments, int p) =>
        arguments.Contains(null) || function.In(new Modulus(p))([.. arguments.Select(value => (int)value!.Value)]) is var value && value < 0 ? null : value;
}
