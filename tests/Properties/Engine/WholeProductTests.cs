using System.Numerics;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Engine;

/// <summary>Large products of whole values are shared out by columns: every column is worked off once, whoever does it.</summary>
public class WholeProductTests
{
    /// <summary>Rows below, at and above the rows of kernels, with so many columns that the product is shared out.</summary>
    public static TheoryData<int, bool, bool> Products
    {
        get
        {
            var data = new TheoryData<int, bool, bool>();
            foreach (var rows in new[] { 28, 29, 56, 57, 82, 300 })
            {
                data.Add(rows, false, false);
                data.Add(rows, false, true);
                data.Add(rows, true, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Any_number_of_threads_multiplies_every_column_once(int rows, bool transposeLeft, bool transposeRight)
    {
        Check<float>(rows, transposeLeft, transposeRight, 1.0 / (1 << 24));
        Check<double>(rows, transposeLeft, transposeRight, 1.0 / (1L << 53));
    }

    private static void Check<T>(int rows, bool transposeLeft, bool transposeRight, double rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int k = 257;
        var n = 1 + (4 * (1 << 20) / (rows * k));
        var random = new Random(rows);

        // Multiples of 1/8 are numbers of every precision, so that only the sums are rounded.
        Dense Any(Shape shape) => Dense.Build(shape, _ => random.Next(-8, 9) / 8.0);
        var left = Any(transposeLeft ? Shape.Of(k, rows) : Shape.Of(rows, k));
        var right = Any(transposeRight ? Shape.Of(n, k) : Shape.Of(k, n));
        var product = new MatMul(transposeLeft, transposeRight);
        var expected = Dense.Apply(product, left, right).Span.ToArray();

        double[] On(int threads)
        {
            using var workers = new Workers(threads);
            using var program = new CpuProgram<T>(
                Planner.Plan(new([("y", Expression.Apply(product, Expression.Variable("a", left.Shape), Expression.Variable("b", right.Shape)))], [], 0)), workers);
            program.SetVariable("a", left);
            program.SetVariable("b", right);
            program.Run();
            program.Run();
            return program.Output("y").Span.ToArray();
        }

        var alone = On(1);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(alone[i] - expected[i], -k * k * rounding, k * k * rounding);
        }

        Assert.Equal(alone, On(2));
        Assert.Equal(alone, On(3));
    }
}
