using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Expressions)])]
public sealed class TaskFormTests
{
    [Property]
    public void A_sum_of_a_function_of_x_and_one_of_y_is_additive(PolynomialOfX f, PolynomialOfX g, TinyModulus p, bool minus)
    {
        ArithmeticTask task = Task($"{f.InX} {(minus ? '-' : '+')} {g.InY}", p);
        Reproduces(Assert.IsType<AdditiveForm>(TaskForm.Of(task)), task);
    }

    [Property]
    public void A_product_of_a_function_of_x_and_one_of_y_has_a_form_that_reproduces_it(PolynomialOfX f, PolynomialOfX g, TinyPrime p)
    {
        TaskForm form = Form($"{f.InX}*{g.InY}", p);
        Assert.IsNotType<UnknownForm>(form);
        Reproduces(form, Task($"{f.InX}*{g.InY}", p));
    }

    [Property]
    public void A_quotient_has_a_multiplicative_form_on_its_domain(OddPrime p)
    {
        var form = Assert.IsType<MultiplicativeForm>(Form("x / y", p));
        Assert.Equal(0, form.Second[0]);
        Reproduces(form, Task("x / y", p));
    }

    [Property]
    public void A_function_of_a_sum_has_a_form_that_reproduces_it(PolynomialOfX f, PolynomialOfX g, byte exponent, TinyModulus p)
    {
        string text = $"({f.InX} + {g.InY})^{exponent % 6} + 3";
        TaskForm form = Form(text, p);
        Assert.IsNotType<UnknownForm>(form);
        Reproduces(form, Task(text, p));
    }

    [Property]
    public void Whatever_form_is_found_reproduces_the_task(AnyExpression any, TinyPrime p)
    {
        if (ArithmeticTask.Define(any.Value, new Modulus(p)).Bind(task => task.WithOperands(2)) is Result<ArithmeticTask>.Success { Value: var task })
        {
            Reproduces(TaskForm.Of(task), task);
        }
    }

    [Theory]
    [InlineData("x + y", typeof(AdditiveForm))]
    [InlineData("x - y", typeof(AdditiveForm))]
    [InlineData("2*x + 3*y", typeof(AdditiveForm))]
    [InlineData("5*x^3 + 2*y^4", typeof(AdditiveForm))]
    [InlineData("(x + 1)^2 + y - 2*x", typeof(AdditiveForm))]
    [InlineData("x - 1 / y", typeof(AdditiveForm))]
    [InlineData("x*(y + 1) - x*y + y", typeof(AdditiveForm))]
    [InlineData("x", typeof(AdditiveForm))]
    [InlineData("x*y", typeof(MultiplicativeForm))]
    [InlineData("x / y", typeof(MultiplicativeForm))]
    [InlineData("x*y + x + y + 1", typeof(MultiplicativeForm))]
    [InlineData("(x^2 + 1) / (y - 3)", typeof(MultiplicativeForm))]
    [InlineData("(x + y)^2", typeof(OuterForm))]
    [InlineData("(4*x + y^2)^3", typeof(OuterForm))]
    [InlineData("if odd(x + y) then 1 else x + y", typeof(OuterForm))]
    [InlineData("1 / (x + y)", typeof(OuterForm))]
    [InlineData("x^2 + x*y + y^2", typeof(UnknownForm))]
    [InlineData("x^3 + x*y^2 + y", typeof(UnknownForm))]
    [InlineData("(4*x + y^2)^3 + x*y", typeof(UnknownForm))]
    [InlineData("if odd(y) then x / y else x - y", typeof(UnknownForm))]
    public void The_papers_tasks_have_the_forms_that_the_papers_say(string text, Type form)
    {
        ArithmeticTask task = ArithmeticTask.Parse(text, new Modulus(97)).Bind(found => found.WithOperands(2)).OrThrow();
        TaskForm found = TaskForm.Of(task);
        Assert.IsType(form, found);
        Reproduces(found, task);
    }

    [Fact]
    public void Forms_are_of_two_operands() => Assert.IsType<UnknownForm>(Form("x1 + x2 + x3", 5));

    private static ArithmeticTask Task(string text, int p) => ArithmeticTask.Parse(text, new Modulus(p)).Bind(task => task.WithOperands(2)).OrThrow();

    private static TaskForm Form(string text, int p) => TaskForm.Of(Task(text, p));

    private static void Reproduces(TaskForm form, ArithmeticTask task)
    {
        Modulus p = task.Modulus;
        TaskTable table = task.Tabulate();
        for (int tuple = 0; tuple < table.Values.Length; tuple++)
        {
            int x = table.Operand(tuple, 0), y = table.Operand(tuple, 1), value = table.Values[tuple];
            int predicted = form switch
            {
                AdditiveForm f => p.Add(f.First[x], f.Second[y]),
                MultiplicativeForm g => p.Multiply(g.First[x], g.Second[y]),
                OuterForm f => f.Outer[p.Add(f.Inner.First[x], f.Inner.Second[y])],
                _ => value,
            };
            Assert.True(value == TaskTable.Undefined || value == predicted, $"at ({x}, {y})");
        }
    }
}
