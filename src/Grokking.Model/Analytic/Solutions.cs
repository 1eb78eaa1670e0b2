using Grokking.Arithmetic;

namespace Grokking.Analytic;

/// <summary>From a task to weights that solve it.</summary>
public static class Solutions
{
    /// <summary>
    /// Weights that solve a task on its whole domain, with one-hot outputs: f1(x) + f2(y) and F(f1(x) + f2(y)) for any modulus, g1(x)·g2(y)
    /// for primes.
    /// </summary>
    /// <param name="task">A task of two operands.</param>
    /// <returns>The solution; or that none is known, which is no proof that there is none.</returns>
    public static Result<AnalyticSolution> Of(ArithmeticTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var p = task.Modulus.Value;
        return TaskForm.Of(task) switch
        {
            AdditiveForm sum => Result.Success(On(task, Compositions.OfFunctions(sum.First, sum.Second, BalancedPhases.HalfAndConstant(p)))),
            MultiplicativeForm product => Result.Success(
                On(task, Compositions.OfFunctions(product.First, product.Second, LogarithmicPhases.Multiplication(p)))),
            OuterForm outer => Result.Success(On(task, Compositions.WithForwardMap(
                outer.Outer, Compositions.OfFunctions(outer.Inner.First, outer.Inner.Second, BalancedPhases.HalfAndConstant(p))))),
            _ => Result.Failure<AnalyticSolution>(
                $"No closed-form weights are known for {task}: it is neither f1(x) + f2(y), nor a function F of such a sum, nor g1(x) * g2(y) modulo a prime."),
        };
    }

    private static AnalyticSolution On(ArithmeticTask task, AnalyticSolution solution)
    {
        var table = task.Tabulate();
        return solution with { Samples = Pairs.Of(task.Modulus.Value, (x, y) => table[x, y] == TaskTable.Undefined ? -1 : table[x, y]) };
    }
}
