using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Arbitraries;

/// <summary>A random formula over the variables a [2, 3], b [3, 2] and the number s, full of the constants and double moves that rewrites look for.</summary>
public sealed record AnyFormula(int Seed, int Size)
{
    public ImmutableArray<Expression> Roots
    {
        get
        {
            var random = new Random(Seed);
            var pool = new List<Expression> { Expression.Variable("a", Shape.Of(2, 3)), Expression.Variable("b", Shape.Of(3, 2)), Constant(random, Shape.Of(2, 3)), Constant(random, Shape.Of(3, 2)) };
            for (var i = 0; i < Size; i++)
            {
                var x = pool[random.Next(pool.Count)];
                var same = pool.Where(other => other.Shape.Equals(x.Shape)).ToList();
                pool.Add(Grow(random, x, same[random.Next(same.Count)]));
            }

            return [.. pool.TakeLast(3)];
        }
    }

    public IReadOnlyDictionary<string, Dense> Values
    {
        get
        {
            var random = new Random(Seed + 1);
            return new Dictionary<string, Dense> { ["a"] = Applications.Uniform(random, Shape.Of(2, 3), 0.5, 2), ["b"] = Applications.Uniform(random, Shape.Of(3, 2), 0.5, 2), ["s"] = Dense.Number(1.5) };
        }
    }

    private static Expression Constant(Random random, Shape shape) => Tensor.Fill<Expression>(shape, new double[] { 0, 1, -1, 2, 0.5, 3, -0.25 }[random.Next(7)]);

    private static Expression Target(Random random, Shape shape) => Tensor.OneHot<Expression>(Applications.Rows(random, shape[0], shape[1]));

    private static Expression Grow(Random random, Expression x, Expression y) => random.Next(21) switch
    {
        0 => x + y,
        1 => x - y,
        2 => x * y,
        3 => x / Constant(random, x.Shape) is { Inputs: [_, { Primitive: Fill { Value: not 0 } }] } quotient ? quotient : x,
        4 => Tensor.Negate(x),
        5 => x + Tensor.Negate(y),
        6 => Tensor.Negate(x) + y,
        7 => x - Tensor.Negate(y),
        8 => x + x,
        9 => x * Constant(random, x.Shape),
        10 => Constant(random, x.Shape) + x,
        11 => Tensor.Transpose(x),
        12 => Tensor.Reshape(Tensor.Reshape(x, Shape.Of(6)), Shape.Of(3, 2)),
        13 => Tensor.MatMul(Tensor.MatMul(x, Tensor.Transpose(y)), x),
        14 => Tensor.BroadcastTo(Tensor.BroadcastTo(Tensor.Sum(x, Axes.Of(1)), Shape.Of(x.Shape[0], 1)), x.Shape),
        15 => Tensor.BroadcastTo(Tensor.Sum(x * Constant(random, x.Shape), Axes.Of(0)), x.Shape),
        16 => Tensor.BroadcastTo(Tensor.Sum(Tensor.Negate(x), Axes.Of(0, 1)), x.Shape),
        17 => x * Tensor.BroadcastTo(Tensor.Sum(Target(random, x.Shape), Axes.Of(1)), x.Shape) + Target(random, x.Shape),
        18 => Tensor.Fill<Expression>(x.Shape, random.Next(2)) / Tensor.Exp(Tensor.Tanh(x)),
        19 => x * Tensor.BroadcastTo(Expression.Variable("s", Shape.Scalar), x.Shape),
        _ => Tensor.Slice(Tensor.Pad(Tensor.Detach(x), 0, 1, x.Shape[0] + 1), 0, 1, x.Shape[0]),
    };
}

public static class Formulas
{
    public static Arbitrary<AnyFormula> AnyFormulas() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1) from size in Gen.Choose(1, 14) select new AnyFormula(seed, size),
        any => Enumerable.Range(1, any.Size - 1).Select(size => any with { Size = size }));
}
