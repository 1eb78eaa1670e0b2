using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Cuda.Checks;

/// <summary>Every kernel of a plan, at work on what it is for.</summary>
public static class KernelChecks
{
    /// <summary>A few roundings of float32.</summary>
    private const double Single = 2e-6;

    /// <summary>Roundings to 10 bits, which average out.</summary>
    private const double Tf32 = 2e-3;

    /// <summary>Nothing is computed, or all of it in whole numbers.</summary>
    private const double Exact = 0;

    /// <summary>As many roundings as a product of two products has.</summary>
    private const double Twice = 1e-5;

    private const int Few = 12;

    /// <summary>The largest modulus that the quadratic network's own kernels take is somewhat larger.</summary>
    private const int LargestModulus = 97;

    /// <summary>The checks; each kernel's name is among them.</summary>
    public static ImmutableArray<KernelCheck> All { get; } =
    [
        Of("chain", "sums and products of rows and columns", Single, n => (Row(n) * Column(n)) - Matrix("a", n)),
        Of("chain", "exponentials and their kin", Single, n => Tensor.Tanh(Tensor.Log(Tensor.Exp(Matrix("a", n)) + Tensor.Sqrt(Matrix("b", n)))) + Tensor.Erf(Matrix("a", n))),
        Of("chain", "rows looked up", Exact, n => Tensor.Gather(Matrix("a", n), Rows(n))),
        Of("chain", "a transposition", Exact, n => Tensor.Transpose(Expression.Variable("a", Shape.Of(2, n, n)))),
        Of("chain", "zeros around a matrix", Exact, n => Tensor.Pad(Matrix("a", n), 0, 1, n + 2)),
        Of("sum", "of rows", Single, n => Tensor.Sum(Matrix("a", n), Axes.Of(1))),
        Of("sum", "of columns", Single, n => Tensor.Sum(Matrix("a", n), Axes.Of(0))),
        Of("sum", "of all", Single, n => Tensor.Total(Matrix("a", n))),
        Of("round_sums", "two sums over samples", Single, n => Sampled("x", n) + Sampled("y", n)),
        Of("largest", "of rows", Exact, n => Tensor.Max(Matrix("a", n))),
        Of("largest", "its place", Exact, n => Tensor.ArgMax(Matrix("a", n))),
        .. Products("matmul_single", CudaPrecision.Single, Single),
        .. Products("matmul_tf32", CudaPrecision.Tf32, Tf32),
        Of("matmul_plain", "A·B, A narrow", Single, n => Expression.Apply(new MatMul(false, false), Expression.Variable("a", Shape.Of(n, Few, n)), Expression.Variable("b", Shape.Of(n, n, Few)))),
        .. Quadratic("single", CudaPrecision.Single, Twice),
        .. Quadratic("tf32", CudaPrecision.Tf32, Tf32),
        Of("scatter_add", "rows added up", Single, n => Tensor.ScatterAdd(Matrix("a", n), Rows(n))),
        Of("one_hot", "targets", Exact, n => Tensor.OneHot<Expression>(Many(n))),
        Of("numbers", "indices as numbers", Exact, n => Tensor.Numbers<Expression>(Rows(n))),
        Of("survivors", "factors of dropout", Single, n => Tensor.Survivors<Expression>(Draws.Of(RandomKey.FromSeed(1)), 2, Shape.Of(n, n), 0.3)),
        Of("record", "a number brought home", Exact, _ => Tensor.Number<Expression>(3) + Tensor.Number<Expression>(4)),
    ];

    private static IEnumerable<KernelCheck> Products(string kernel, CudaPrecision precision, double tolerance)
    {
        foreach (var (left, right) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            yield return new(
                kernel,
                $"{(left ? "Aᵀ" : "A")}·{(right ? "Bᵀ" : "B")}",
                precision,
                tolerance,
                n => Expression.Apply(new MatMul(left, right), Matrix("a", n), Matrix("b", n)));
        }
    }

    private static IEnumerable<KernelCheck> Quadratic(string arithmetic, CudaPrecision precision, double tolerance)
    {
        yield return new($"quadratic_forward_{arithmetic}", "a quadratic network's loss", precision, tolerance, n => QuadraticLoss(n).Loss);
        yield return new($"quadratic_backward_{arithmetic}", "the product of its gradients", precision, tolerance, n => Gradients(QuadraticLoss(n)));
    }

    private static (Expression Loss, Parameters<Expression> Weights) QuadraticLoss(int n)
    {
        var network = new QuadraticNetwork(Math.Min(n, LargestModulus), 2, n);
        var weights = Tracing.Variables(network.Parameters);
        var batch = Batch.Named("", Math.Min(n, LargestModulus) * Few, 2, network.Modulus);
        return (new Loss.MeanSquaredError().Of(network.Logits(weights, batch), batch.Labels), weights);
    }

    /// <summary>One value of all three gradients, those of w1 = (U, V) and of w2, so that none is left out.</summary>
    private static Expression Gradients((Expression Loss, Parameters<Expression> Weights) network)
    {
        var gradients = Reverse.Gradient(network.Loss, network.Weights.Values);
        var (first, second) = (Tensor.Transpose(gradients[0]), gradients[1]);
        return second * Tensor.Slice(first, 0, 0, second.Shape[0]) * Tensor.Slice(first, 0, second.Shape[0], second.Shape[0]);
    }

    private static KernelCheck Of(string kernel, string what, double tolerance, Func<int, Expression> formula) => new(kernel, what, CudaPrecision.Single, tolerance, formula);

    private static Expression Matrix(string name, int n) => Expression.Variable(name, Shape.Of(n, n));

    private static Expression Row(int n) => Expression.Variable("row", Shape.Of(1, n));

    private static Expression Column(int n) => Expression.Variable("column", Shape.Of(n, 1));

    /// <summary>A sum over samples: rows of a matrix by indices to be given.</summary>
    private static Expression Sampled(string name, int n) => Tensor.Sum(Tensor.Gather(Matrix("a", n), Indices.Input(name, n, n)), Axes.Of(0));

    private static Indices Rows(int n) => Known(n, n);

    /// <summary>Above 512 classes one-hot rows come from a kernel of their own.</summary>
    private static Indices Many(int n) => Known(n, 600);

    private static Indices Known(int count, int bound)
    {
        var key = RandomKey.FromSeed(2);
        return Indices.Of([.. Enumerable.Range(0, count).Select(i => key.Below(bound, (ulong)i))], bound);
    }
}
