using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli)])]
public sealed class TaskFunctionTests
{
    public static TheoryData<string> Names => [.. TaskFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_has_a_name_that_no_operand_and_no_word_of_the_grammar_has(string name)
    {
        Assert.Matches("^[a-z][a-z0-9]*$", name);
        Assert.DoesNotMatch("^(x[0-9]*|y|if|then|else)$", name);
        Assert.Single(TaskFunctions.All, function => function.Name == name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_has_a_residue_or_nothing_at_every_argument_of_every_modulus_that_it_allows(string name)
    {
        TaskFunction function = TaskFunctions.Named(name).OrThrow();
        Modulus[] moduli = [.. Enumerable.Range(2, 30).Append(120).Select(p => new Modulus(p)).Where(function.Needs.Holds)];
        Assert.NotEmpty(moduli);
        foreach (Modulus p in moduli)
        {
            TaskTable table = Table(function.Takes(1) ? $"{name}(x)" : $"{name}(x, y)", p.Value);
            Assert.All(table.Values, value => Assert.InRange(value, TaskTable.Undefined, function.IsPredicate ? 1 : p.Value - 1));
            Assert.Contains(table.Values, value => value != TaskTable.Undefined);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_takes_as_many_arguments_as_its_signature_shows_and_refuses_others_in_a_sentence(string name)
    {
        TaskFunction function = TaskFunctions.Named(name).OrThrow();
        int shown = function.Signature.Count(c => c == ',') + 1;
        int right = Math.Min(shown, 2);
        Assert.Equal((right == 1, right == 2, shown == 3), (function.Takes(1), function.Takes(2), function.Takes(3)));
        ImmutableArray<TaskExpression> wrong = [.. Enumerable.Repeat(new TaskExpression.Operand(0), right == 1 ? 2 : 1)];
        string reason = Assert.Throws<ArgumentException>(() => new TaskExpression.Call(function, wrong)).Message;
        Assert.Contains($"as in {function.Signature}, not {wrong.Length}.", reason, StringComparison.Ordinal);
    }

    [Property]
    public void The_greatest_and_the_least_of_two_are_the_two(TinyModulus p)
    {
        TaskTable greatest = Table("max(x, y)", p), least = Table("min(x, y)", p), three = Table("max(x, min(x, y), y)", p);
        for (int x = 0; x < p; x++)
        {
            for (int y = 0; y < p; y++)
            {
                Assert.Equal((Math.Max(x, y), Math.Min(x, y)), (greatest[x, y], least[x, y]));
                Assert.Equal(greatest[x, y], three[x, y]);
            }
        }
    }

    [Property]
    public void The_primitive_root_to_its_logarithm_is_the_argument(SmallPrime p)
    {
        var modulus = new Modulus(p);
        TaskTable table = TaskTable.Of(new TaskExpression.Call(ResidueFunctions.Log, [new TaskExpression.Operand(0)]), modulus, 1, p);
        Assert.Equal(TaskTable.Undefined, table.Values[0]);
        Assert.All(Enumerable.Range(1, p - 1), a => Assert.Equal(a, modulus.Power(modulus.PrimitiveRoot(), table.Values[a])));
    }

    [Property]
    public void The_quadratic_character_is_one_at_the_squares_and_minus_one_elsewhere(SmallPrime p)
    {
        ImmutableArray<int> values = Table("legendre(x) + 0*y", p).Values;
        HashSet<int> squares = [.. Enumerable.Range(1, p - 1).Select(a => a * a % p)];
        Assert.All(Enumerable.Range(0, p), a => Assert.Equal(a == 0 ? 0 : squares.Contains(a) ? 1 : p - 1, values[a * p]));
    }

    [Property]
    public void Predicates_answer_one_or_zero_and_conditionals_obey_them(TinyModulus p)
    {
        foreach ((string name, Func<int, bool> holds) in new (string, Func<int, bool>)[] { ("odd", a => a % 2 == 1), ("even", a => a % 2 == 0), ("zero", a => a == 0) })
        {
            TaskTable branch = Table($"if {name}(x) then y else -y", p), number = Table($"{name}(x)*y", p);
            for (int tuple = 0; tuple < p * p; tuple++)
            {
                (int x, int y) = (tuple / p, tuple % p);
                Assert.Equal((holds(x) ? y : (p - y) % p, holds(x) ? y : 0), (branch.Values[tuple], number.Values[tuple]));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(24)]
    [InlineData(120)]
    public void Permutations_are_the_symmetric_group_in_lexicographic_order(int count)
    {
        TaskTable table = Table("compose(x, y)", count), inverse = Table("compose(x, invert(x)) + 0*y", count);
        int[][] images = [.. Enumerable.Range(0, count).Select(number => Permutations.Of(number, count).ToArray())];
        for (int a = 0; a < count; a++)
        {
            Assert.Equal(Enumerable.Range(0, images[a].Length), images[a].Order());
            Assert.True(a == 0 || string.CompareOrdinal(string.Concat(images[a - 1]), string.Concat(images[a])) < 0);
            Assert.Equal(0, inverse[a, 0]);
            for (int b = 0; b < count; b++)
            {
                Assert.Equal(images[b].Select(point => images[a][point]), images[table[a, b]]);
            }
        }
    }

    [Theory]
    [InlineData("x + log(y)", 10, "The function 'log' needs a prime modulus, not 10.")]
    [InlineData("legendre(x*y)", 91, "The function 'legendre' needs a prime modulus, not 91.")]
    [InlineData("compose(x, y)", 97, "The function 'compose' needs the modulus 2, 6, 24, 120 or 720, a factorial, not 97.")]
    [InlineData("x / log(0)", 7, "The division 'x / log(0)' divides by log(0), which has no value modulo 7.")]
    [InlineData("x / (y + max(1, y))", 9, "The division 'x / (y + max(1, y))' needs a prime modulus, and 9 is not prime (9 = 3^2).")]
    public void What_a_function_needs_of_the_modulus_is_said_in_a_sentence(string text, int modulus, string reason) =>
        Assert.Equal(reason, ArithmeticTask.Parse(text, new Modulus(modulus)).Match(_ => "", found => found));

    [Fact]
    public void A_conditional_asks_predicates_only() => Assert.Throws<ArgumentException>(() => new TaskExpression.Conditional(
        new TaskExpression.Call(ResidueFunctions.Legendre, [new TaskExpression.Operand(0)]), new TaskExpression.Constant(1), new TaskExpression.Constant(2)));

    private static TaskTable Table(string text, int p) => ArithmeticTask.Parse(text, new Modulus(p)).Bind(task => task.WithOperands(2)).OrThrow().Tabulate();
}
