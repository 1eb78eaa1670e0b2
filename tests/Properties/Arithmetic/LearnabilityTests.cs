using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Expressions), typeof(InnerFunctions)])]
public sealed class LearnabilityTests
{
    [Property]
    public void A_table_with_the_form_is_never_called_unlearnable(AnyForm any)
    {
        Learnability answer = Learnability.Of(any.Table);
        Assert.IsNotType<Learnability.NotLearnable>(answer);
        Proves(answer, any.Table);
    }

    [Property]
    public void A_table_whose_inner_functions_are_one_to_one_is_learnable_whatever_the_outer_one(OneToOneForm any)
    {
        TaskTable table = any.Table;
        Proves(Assert.IsType<Learnability.Learnable>(Learnability.Of(table)), table);
    }

    [Property(MaxTest = 300)]
    public void Every_answer_modulo_two_and_three_is_what_trying_all_functions_gives(TinyTable any)
    {
        Learnability answer = Learnability.Of(any.Table);
        if (answer is Learnability.Undecided undecided)
        {
            Assert.Contains("no whole rows and columns", undecided.Reason, StringComparison.Ordinal);
            return;
        }
        Assert.Equal(HasForm(any.Table), answer is Learnability.Learnable);
        Proves(answer, any.Table);
    }

    [Property(MaxTest = 300)]
    public void A_table_with_the_form_of_which_entries_are_missing_is_never_called_unlearnable(AnyForm any, ulong missing)
    {
        TaskTable whole = any.Table;
        TaskTable table = Tables.Of(any.Modulus, (x, y) => (missing >> (((x * any.Modulus) + y) % 61) & 1) == 1 ? TaskTable.Undefined : whole[x, y]);
        Learnability answer = Learnability.Of(table);
        Assert.IsNotType<Learnability.NotLearnable>(answer);
        Proves(answer, table);
    }

    [Property(MaxTest = 200)]
    public void Renaming_operands_and_values_changes_no_answer(AnyExpression any, TinyPrime p, bool swap)
    {
        var modulus = new Modulus(Math.Min(p, 7));
        if (ArithmeticTask.Define(any.Value, modulus).Bind(task => task.WithOperands(2)) is not Result<ArithmeticTask>.Success { Value: { OperandCount: 2 } task })
        {
            return;
        }
        TaskTable table = task.Tabulate();
        int last = modulus.Value - 1;
        int At(int x, int y) => table[(x + 1) % modulus.Value, last - y] is >= 0 and var value ? last - value : TaskTable.Undefined;
        Learnability before = Learnability.Of(table);
        Learnability after = Learnability.Of(Tables.Of(modulus.Value, (x, y) => swap ? At(y, x) : At(x, y)));
        Proves(before, table);
        // The search may end earlier on one side; a proof and a form exclude each other.
        Assert.False(before is Learnability.Learnable && after is Learnability.NotLearnable);
        Assert.False(before is Learnability.NotLearnable && after is Learnability.Learnable);
    }

    [Property]
    public void Every_function_of_one_linear_combination_is_learnable_however_it_is_written(PolynomialOfX outer, OddPrime p, byte a, byte b)
    {
        Modulus modulus = new(p);
        ImmutableArray<int> h = ArithmeticTask.Parse(outer.InX, modulus).OrThrow().Tabulate().Values;
        TaskTable table = Tables.Of(p, (x, y) => h[modulus.Add(modulus.Multiply(a % p, x), modulus.Multiply(b % p, y))]);
        Proves(Assert.IsType<Learnability.Learnable>(Learnability.Of(table)), table);
    }

    [Theory]
    [InlineData("x + y", 97)]
    [InlineData("x + y", 91)]
    [InlineData("x^2 + y^2", 97)]
    [InlineData("5*x^3 + 2*y^4", 97)]
    [InlineData("x*y", 97)]
    [InlineData("x / y", 97)]
    [InlineData("3*x*y + 1", 23)]
    [InlineData("x*y + x + y", 97)]
    [InlineData("1 / (x + y)", 97)]
    [InlineData("x^2 + 2*x*y + y^2", 97)]
    [InlineData("x^4 + 6*x^2*y + 9*y^2", 97)]
    [InlineData("(4*x + y^2)^3", 97)]
    [InlineData("(2*x + 3*y)^4", 97)]
    [InlineData("(5*x^3 + 2*y^4)^2", 97)]
    [InlineData("(4*x + y^2)^3", 23)]
    [InlineData("(2*x + 3*y)^4", 23)]
    [InlineData("(5*x^3 + 2*y^4)^2", 23)]
    [InlineData("legendre(x + y)", 23)]
    [InlineData("max(x, y)", 2)]
    [InlineData("compose(x, y)", 2)]
    public void What_the_papers_learn_to_the_end_has_the_form(string text, int modulus) =>
        Proves(Assert.IsType<Learnability.Learnable>(Learnability.Of(Task(text, modulus))), Task(text, modulus).Tabulate());

    [Theory]
    [InlineData("(4*x + y^2)^3 + x*y", 97)]
    [InlineData("(2*x + 3*y)^4 - x^2", 97)]
    [InlineData("(5*x^3 + 2*y^4)^2 - y", 97)]
    [InlineData("(4*x + y^2)^3 + x*y", 23)]
    [InlineData("(2*x + 3*y)^4 - x^2", 23)]
    [InlineData("(5*x^3 + 2*y^4)^2 - y", 23)]
    [InlineData("x^2 + x*y + y^2", 97)]
    [InlineData("x^3 + x*y^2 + y", 97)]
    [InlineData("x^2 + x*y + y^2 + x", 97)]
    [InlineData("max(x, y)", 97)]
    [InlineData("if odd(y) then x / y else x - y", 97)]
    [InlineData("compose(x, y)", 6)]
    [InlineData("compose(x, y)", 24)]
    [InlineData("compose(x, y)", 120)]
    [InlineData("compose(compose(x, y), invert(x))", 24)]
    [InlineData("x*y", 6)]
    public void What_the_papers_do_not_has_not_and_the_reason_is_a_proof(string text, int modulus) =>
        Assert.Matches("^It is not h", Assert.IsType<Learnability.NotLearnable>(Learnability.Of(Task(text, modulus))).Reason);

    [Fact]
    public void A_random_table_is_not_learnable()
    {
        var random = new Random(5);
        Assert.IsType<Learnability.NotLearnable>(Learnability.Of(Tables.Of(40, (_, _) => random.Next(40))));
    }

    [Fact]
    public void A_group_that_commutes_but_is_not_cyclic_is_not_learnable() =>
        Assert.IsType<Learnability.NotLearnable>(Learnability.Of(Tables.Of(8, (x, y) => x ^ y)));

    [Fact]
    public void Where_the_search_would_take_too_long_the_answer_says_so()
    {
        // A form with two inner functions that are not one-to-one and no monomials, and with an outer one that hides both.
        var modulus = new Modulus(97);
        TaskTable table = Tables.Of(97, (x, y) => modulus.Power(modulus.Reduce((x * x) + x + (y * y) + (3 * y)), 5));
        Assert.Matches("ended at its bound of work", Assert.IsType<Learnability.Undecided>(Learnability.Of(table)).Reason);
    }

    [Fact]
    public void A_task_of_another_number_of_operands_is_not_decided() => Assert.Equal(
        "The form is one of two operands, and the task has 3.",
        Assert.IsType<Learnability.Undecided>(Learnability.Of(Task("x1 + x2 + x3", 5))).Reason);

    private static ArithmeticTask Task(string text, int p) => ArithmeticTask.Parse(text, new Modulus(p)).Bind(task => task.WithOperands(2)).OrThrow();

    // The definition once more, in other words than the code's.
    private static void Proves(Learnability answer, TaskTable table)
    {
        if (answer is Learnability.Learnable { Form: var form })
        {
            int p = table.Modulus.Value;
            for (int x = 0; x < p; x++)
            {
                for (int y = 0; y < p; y++)
                {
                    int inner = form.Operation == InnerOperation.Sum ? form.First[x] + form.Second[y] : form.First[x] * form.Second[y];
                    Assert.True(table[x, y] == TaskTable.Undefined || table[x, y] == form.Outer[inner % p], $"at ({x}, {y})");
                }
            }
        }
    }

    // All pairs of inner functions, one after the other.
    private static bool HasForm(TaskTable table)
    {
        int p = table.Modulus.Value;
        int functions = (int)Math.Pow(p, p);
        bool Goes(int g1, int g2, Func<int, int, int> join)
        {
            var h = new Dictionary<int, int>();
            for (int x = 0; x < p; x++)
            {
                for (int y = 0; y < p; y++)
                {
                    int value = table[x, y];
                    if (value != TaskTable.Undefined && !h.TryAdd(join(Digit(g1, x), Digit(g2, y)) % p, value) && h[join(Digit(g1, x), Digit(g2, y)) % p] != value)
                    {
                        return false;
                    }
                }
            }
            return true;
        }
        int Digit(int function, int place) => function / (int)Math.Pow(p, place) % p;
        IEnumerable<int> all = Enumerable.Range(0, functions);
        return all.Any(g1 => all.Any(g2 => Goes(g1, g2, (a, b) => a + b) || (table.Modulus.IsPrime && Goes(g1, g2, (a, b) => a * b))));
    }
}
