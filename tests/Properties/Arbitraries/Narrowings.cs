using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Arbitraries;

/// <summary>A formula in which one rule about positions has something to save.</summary>
public sealed record AnyNarrowing(string Rule, int Seed)
{
    public Expression Formula => Narrowings.Rules.First(rule => rule.Name == Rule).Make(new Random(Seed));
}

/// <summary>Random sequences of vectors, cut and joined anywhere, and the gradient of their sum.</summary>
public sealed record AnySequence(int Seed, int Size)
{
    // B sequences, T positions, d width
    private const int B = 2;
    private const int T = 4;
    private const int D = 3;

    public ImmutableArray<Expression> Roots
    {
        get
        {
            var random = new Random(Seed);
            var (x, w) = (Expression.Variable("x", Shape.Of(B, T, D)), Expression.Variable("w", Shape.Of(D, D)));
            var pool = new List<Expression> { x, Tensor.Tanh(Tensor.MatMul(x, w)) };
            for (var i = 0; i < Size; i++)
            {
                pool.Add(Tensor.Tanh(Grow(random, pool[random.Next(pool.Count)], pool[random.Next(pool.Count)], w)));
            }

            var read = Tensor.Slice(pool[^1], 1, random.Next(T), 1);
            return [read, .. random.Next(4) == 0 ? [pool[random.Next(pool.Count)]] : Array.Empty<Expression>(), .. Reverse.Gradient(Tensor.Total(read * read), [x, w])];
        }
    }

    private static Expression Grow(Random random, Expression x, Expression y, Expression w) => random.Next(13) switch
    {
        0 => x + y,
        1 => x * y,
        2 => x - Tensor.BroadcastTo(Tensor.Sum(y, Axes.Of(random.Next(3))), y.Shape),
        3 => Tensor.MatMul(x, w),
        4 => Tensor.MatMul(Tensor.MatMul(x, Tensor.Transpose(y)), x),
        5 => Tensor.MatMul(x, Tensor.MatMul(Tensor.Transpose(x), y)),
        6 => Tensor.Pad(Tensor.Slice(x, 1, random.Next(T - 1), 2), 1, random.Next(T - 1), T),
        7 => Tensor.Pad(Tensor.Slice(x, 1, random.Next(T), 1), 1, random.Next(T), T) + y,
        8 => x * Tensor.BroadcastTo(Tensor.Slice(y, 1, random.Next(T), 1), x.Shape),
        9 => Tensor.Transpose(Tensor.Exp(Tensor.Transpose(x, Axes.Of(2, 0, 1))), Axes.Of(1, 2, 0)),
        10 => Tensor.Reshape(Tensor.MatMul(Tensor.Reshape(x, Shape.Of(B * T, D)), w) + Tensor.Sum(w, Axes.Of(0)), x.Shape),
        11 => Tensor.Pad(Tensor.Slice(x, 0, random.Next(B), 1), 0, random.Next(B), B) + Tensor.Pad(Tensor.Slice(y, 2, 0, 2), 2, 1, D),
        _ => Tensor.Max(x) * y / Tensor.Shift(Tensor.Sum(x * x, Axes.Of(2)), 1),
    };
}

/// <summary>A transformer so small that its definition can be evaluated.</summary>
public sealed record SmallTransformerSize(int Modulus, int Operands, int Width, int Samples, int Seed);

/// <summary>Formulas for the rules about positions: slices above, or pads below, something that can do with less.</summary>
public static class Narrowings
{
    // B sequences, T positions, d width, and few of the positions
    private const int B = 3;
    private const int T = 7;
    private const int D = 2;

    /// <summary>One entry for each way in which a slice moves up or a pad moves down, by name.</summary>
    internal static ImmutableArray<(string Name, Func<Random, Expression> Make)> Rules { get; } =
    [
        ("slice of an elementwise function", r => Part(r, Full("x") * Variable("y", B, T, D), 1)),
        ("slice of known numbers", r => Part(r, Full("x") * Tensor.Literal<Expression>(Applications.Uniform(r, Shape.Of(B, T, D), 0.5, 2)), 1)),
        ("slice of a stretch over other axes", r => Part(r, Tensor.BroadcastTo(Tensor.Exp(Variable("x", T, 1)), Shape.Of(B, T, D)), 1)),
        ("slice of a stretch over its axis", r => Part(r, Tensor.BroadcastTo(Tensor.Exp(Variable("x", B, 1, D)), Shape.Of(B, T, D)), 1)),
        ("slice of a stretch over a new axis", r => Part(r, Tensor.BroadcastTo(Tensor.Exp(Variable("x", D)), Shape.Of(T, D)), 0)),
        ("slice of rows split", r => Part(r, Tensor.Reshape(Tensor.Exp(Variable("x", B * T, D)), Shape.Of(B, T, D)), 1)),
        ("slice of heads split", r => Part(r, Tensor.Reshape(Tensor.Exp(Variable("x", B, T, D * D)), Shape.Of(B, T, D, D)), 1)),
        ("slice of places split inside", r => Part(r, Tensor.Reshape(Tensor.Exp(Variable("x", B, T * D, D)), Shape.Of(B, T, D * D)), 1)),
        ("slice of rows multiplied in one product", r => Part(r, Tensor.MatMul(Full("x"), Variable("w", D, 5)), 1)),
        ("slice of a transposition", r => Part(r, Tensor.Transpose(Tensor.Exp(Variable("x", T, T, T, T)), Axes.Of([.. Shuffled(r, 4)])), r.Next(3))),
        ("slice of a sum", r => Part(r, Tensor.Sum(Full("x"), Axes.Of(2 * r.Next(2))), 1)),
        ("slice of a largest element", r => Part(r, Tensor.Max(Full("x")), 1)),
        ("slice of the place of the largest", r => Part(r, Tensor.ArgMax(Full("x")), 1)),
        ("slice of a slice along another axis", r => Part(r, Tensor.Slice(Full("x"), 2, r.Next(D), 1), 1)),
        ("slice of a pad along another axis", r => Part(r, Tensor.Pad(Full("x"), 2, r.Next(3), D + 2), 1)),
        ("slice of the rows of a product", r => Part(r, Product(r, "x", "y", B, T, D, 5), 1)),
        ("slice of the columns of a product", r => Part(r, Tensor.Reshape(Product(r, "x", "y", B, 5, D, T), Shape.Of(B, 5, T, 1)), 2)),
        ("slice of a stack of products", r => Part(r, Product(r, "x", "y", T, B, D, 5), 0)),
        ("slice of a pad", r => Tensor.Slice(Tensor.Pad(Few(), 1, 2, T), 1, 2, 1) * Tensor.Slice(Full("x"), 1, 0, 1)),
        ("slice beside a pad", r => Tensor.Slice(Tensor.Pad(Few(), 1, 2, T), 1, 4 * r.Next(2), 2) + Variable("y", B, 2, D)),
        ("pad times something", r => r.Next(2) == 0 ? Wide(r) * Variable("y", B, T, D) : Variable("y", B, T, D) * Wide(r)),
        ("pad divided", r => Wide(r) / Variable("y", B, T, D)),
        ("pad negated", r => Tensor.Negate(Wide(r))),
        ("pads added", r => Tensor.Pad(Few(), 1, 2, T) + Tensor.Pad(Tensor.Tanh(Few()), 1, 2, T)),
        ("pads subtracted", r => Tensor.Pad(Few(), 1, 2, T) - Tensor.Pad(Tensor.Tanh(Few()), 1, 2, T)),
        ("pad stretched", r => Tensor.Negate(Tensor.BroadcastTo(Tensor.Pad(Tensor.Exp(Variable("x", 1, 1)), 0, r.Next(T), T), Shape.Of(B, T, D)))),
        ("pad in rows joined", r => Tensor.Negate(Tensor.Reshape(Wide(r), Shape.Of(B * T, D)))),
        ("pad transposed", r => Tensor.Transpose(Wide(r), Axes.Of([.. Shuffled(r, 3)]))),
        ("pad summed over other axes", r => Tensor.Sum(Wide(r), Axes.Of(2 * r.Next(2)))),
        ("pad summed over its axis", r => Tensor.Sum(Wide(r), Axes.Of(1, 2 * r.Next(2)))),
        ("pad summed over rows joined", r => Tensor.Sum(Tensor.Reshape(Wide(r), Shape.Of(B * T, D)), Axes.Of(0))),
        ("pad sliced along another axis", r => Tensor.Slice(Wide(r), 2, r.Next(D), 1)),
        ("pad padded along another axis", r => Tensor.Pad(Wide(r), 2, r.Next(2), D + 1)),
        ("pad as rows of a product", r => Tensor.MatMul(Wide(r), Variable("y", B, D, 5))),
        ("pad as columns of a product", r => Expression.Apply(new MatMul(false, true), Variable("y", B, 5, D), Wide(r))),
        ("pad as rows of a product, turned", r => Expression.Apply(new MatMul(true, false), Turned(r), Variable("y", B, D, 5))),
        ("pad as columns of a product, turned", r => Tensor.MatMul(Variable("y", B, 5, D), Turned(r))),
        ("pad as a stack of products", r => Stack(r, Tensor.Pad(Tensor.Exp(Variable("x", 1, 5, D)), 0, r.Next(T), T), Variable("y", T, 5, D))),
        ("pad contracted on the left", r => Expression.Apply(new MatMul(true, false), Wide(r), Variable("y", B, T, 5))),
        ("pad contracted on the right", r => Expression.Apply(new MatMul(true, false), Variable("y", B, T, 5), Wide(r))),
        ("pad contracted on the left, turned", r => Tensor.MatMul(Turned(r), Variable("y", B, T, 5))),
        ("pad contracted on the right, turned", r => Expression.Apply(new MatMul(false, true), Variable("y", B, 5, T), Turned(r))),
    ];

    public static Arbitrary<AnySequence> AnySequences() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1) from size in Gen.Choose(1, 12) select new AnySequence(seed, size),
        any => Enumerable.Range(1, any.Size - 1).Select(size => any with { Size = size }));

    public static Arbitrary<SmallTransformerSize> Transformers() => Arb.From(
        from p in Gen.Elements(2, 5, 7)
        from operands in Gen.Choose(1, 3)
        from width in Gen.Elements(2, 4, 6)
        from samples in Gen.Elements(2, 3, 7, 33)
        from seed in Gen.Choose(0, 1_000_000)
        select new SmallTransformerSize(p, operands, width, samples, seed));

    private static Expression Variable(string name, params int[] lengths) => Expression.Variable(name, Shape.Of(lengths));

    private static Expression Full(string name) => Tensor.Exp(Variable(name, B, T, D));

    /// <summary>One or two of seven places.</summary>
    private static Expression Part(Random random, Expression x, int axis) => Tensor.Slice(x, axis, random.Next(T - 1), random.Next(1, 3));

    private static Expression Few() => Tensor.Exp(Variable("few", B, 1, D));

    /// <summary>[B, T, d] of zeros but for one or two places.</summary>
    private static Expression Wide(Random random)
    {
        var length = random.Next(1, 3);
        return Tensor.Pad(Tensor.Exp(Variable("x", B, length, D)), 1, random.Next(T - length + 1), T);
    }

    /// <summary>[B, d, T] with T padded, turned in a way that no flag of a product can stand for.</summary>
    private static Expression Turned(Random random) =>
        Tensor.Transpose(Tensor.Pad(Tensor.Exp(Variable("x", 1, B, D)), 0, random.Next(T), T), Axes.Of(1, 2, 0));

    /// <summary>A product [b, m, k] × [b, k, n] of factors that lie in memory either way.</summary>
    private static Expression Product(Random random, string left, string right, int b, int m, int k, int n)
    {
        var (turnLeft, turnRight) = (random.Next(2) == 0, random.Next(2) == 0);
        return Expression.Apply(
            new MatMul(turnLeft, turnRight),
            Tensor.Exp(turnLeft ? Variable(left, b, k, m) : Variable(left, b, m, k)),
            Tensor.Exp(turnRight ? Variable(right, b, n, k) : Variable(right, b, k, n)));
    }

    private static Expression Stack(Random random, Expression x, Expression y) =>
        random.Next(2) == 0 ? Expression.Apply(new MatMul(true, false), x, y) : Expression.Apply(new MatMul(true, false), y, x);

    /// <summary>Any order but that of counting.</summary>
    private static int[] Shuffled(Random random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        while (order.Order().SequenceEqual(order))
        {
            random.Shuffle(order);
        }

        return order;
    }
}
