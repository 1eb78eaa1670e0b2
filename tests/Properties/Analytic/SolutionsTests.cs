using Grokking.Analytic;
using Grokking.Arithmetic;
using Grokking.Measures;

namespace Grokking.Properties.Analytic;

public sealed class SolutionsTests
{
    [Theory]
    [InlineData("x + y", 12)]
    [InlineData("x - y", 9)]
    [InlineData("3*x^2 + 5*y", 14)]
    [InlineData("(x + y)^2", 15)]
    [InlineData("(x^2 - y)^3", 11)]
    [InlineData("x * y", 13)]
    [InlineData("x / y", 13)]
    [InlineData("(x + 1) * (y^2 + 3)", 7)]
    public void Tasks_of_a_known_form_are_solved_on_their_whole_domain(string formula, int modulus)
    {
        var task = ArithmeticTask.Parse(formula, new Modulus(modulus)).OrThrow();
        var solution = Solutions.Of(task).OrThrow();
        Assert.Equal(task.Tabulate().Values.Where(value => value != TaskTable.Undefined), solution.Labels);
        var logits = solution.Logits();
        Assert.Equal(1, Classification.Accuracy(solution.Labels, logits));
        Assert.Equal(1, Classification.Margin(solution.Labels, logits), AlgebraicFact.MarginTolerance);
        Assert.Equal(0, Networks.LargestDifference(logits, solution.PredictedLogits()), 1e-12);
    }

    [Fact]
    public void A_task_of_no_known_form_is_answered_with_a_reason() => Assert.Contains(
        "No closed-form weights are known for x^2 + x * y + y^2",
        Solutions.Of(ArithmeticTask.Parse("x^2 + x*y + y^2", new Modulus(97)).OrThrow()).Match(_ => "", reason => reason).Replace("x*y", "x * y", StringComparison.Ordinal),
        StringComparison.Ordinal);
}
