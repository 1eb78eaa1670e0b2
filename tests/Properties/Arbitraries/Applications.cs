using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Arbitraries;

/// <summary>Any primitive applied to random tensors, with shapes around the vector widths.</summary>
/// <param name="Primitive">The primitive.</param>
/// <param name="Inputs">Inputs in its domain, away from kinks.</param>
public sealed record AnyApplication(Primitive Primitive, ImmutableArray<Dense> Inputs)
{
    public Dense Value => Dense.Apply(Primitive, Inputs);

    public override string ToString() => $"{Primitive} of {string.Join(", ", Inputs.Select(input => input.Shape))}";
}

/// <summary>Random tensors and applications; a failing one shrinks towards short axes by being drawn from a smaller choice.</summary>
public static class Applications
{
    /// <summary>Lengths that straddle vectors of 4, 8 and 16 numbers and their unrolled blocks.</summary>
    private static readonly int[] Lengths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65];

    public static Arbitrary<AnyApplication> AnyApplications() => Arb.From(
        from kind in Gen.Elements(Kinds.ToArray())
        from seed in Gen.Choose(0, int.MaxValue)
        from length in Gen.Elements(Lengths)
        from other in Gen.Elements(Lengths)
        from third in Gen.Choose(1, 5)
        select kind(new Random(seed), length, other, third));

    /// <summary>Every elementwise primitive without parameters, found by its type: a new one is tried by all laws at once.</summary>
    public static ImmutableArray<Elementwise> Elementwise { get; } =
    [
        .. typeof(Primitive).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Elementwise)) && !type.IsAbstract && type.GetConstructor([]) is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (Elementwise)Activator.CreateInstance(type)!),
    ];

    /// <summary>One builder or more per primitive; three lengths to make shapes of.</summary>
    public static IReadOnlyList<Func<Random, int, int, int, AnyApplication>> Kinds { get; } =
    [
        .. Elementwise.Select<Elementwise, Func<Random, int, int, int, AnyApplication>>(primitive => (r, m, n, k) => Of(primitive, r, Shape.Of(m, n))),
        (r, m, n, k) => Of(new Add(), r, Shape.Scalar),
        (r, m, n, k) => new(new BroadcastTo(Shape.Of(k, m, n)), [Uniform(r, Shape.Of(1, n), -2, 2)]),
        (r, m, n, k) => new(new BroadcastTo(Shape.Of(m, n)), [Uniform(r, Shape.Of(m, 1), -2, 2)]),
        (r, m, n, k) => new(new BroadcastTo(Shape.Of(m, n)), [Uniform(r, Shape.Scalar, -2, 2)]),
        (r, m, n, k) => new(new Reshape(Shape.Of(m * k, n)), [Uniform(r, Shape.Of(k, n, m), -2, 2)]),
        (r, m, n, k) => new(new Transpose(Axes.Of(1, 0)), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new Transpose(Axes.Of(0, 2, 1)), [Uniform(r, Shape.Of(k, m, n), -2, 2)]),
        (r, m, n, k) => new(new Transpose(Axes.Of(2, 0, 1)), [Uniform(r, Shape.Of(k, m, n), -2, 2)]),
        (r, m, n, k) => new(new Slice(0, k, m), [Uniform(r, Shape.Of(m + k + 1, n), -2, 2)]),
        (r, m, n, k) => new(new Slice(1, k, n), [Uniform(r, Shape.Of(m, n + k + 1), -2, 2)]),
        (r, m, n, k) => new(new Pad(0, k, m + k + 1), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new Pad(1, k, n + k + 1), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new Sum(Axes.Of(0)), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new Sum(Axes.Of(1)), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new Sum(Axes.Of(0, 2)), [Uniform(r, Shape.Of(m, k, n), -2, 2)]),
        (r, m, n, k) => new(new Sum(Axes.All(3)), [Uniform(r, Shape.Of(k, m, n), -2, 2)]),
        (r, m, n, k) => new(new Max(), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new ArgMax(), [Uniform(r, Shape.Of(k, m, n), -2, 2)]),
        (r, m, n, k) => new(new Gather(Rows(r, m, n)), [Uniform(r, Shape.Of(n, k), -2, 2)]),
        (r, m, n, k) => new(new Gather(Rows(r, m, k)), [Uniform(r, Shape.Of(k, n), -2, 2)]),
        (r, m, n, k) => new(new ScatterAdd(Rows(r, m, k)), [Uniform(r, Shape.Of(m, n), -2, 2)]),
        (r, m, n, k) => new(new OneHot(Rows(r, m, n)), []),
        (r, m, n, k) => new(new Numbers(Rows(r, m, n)), []),
        (r, m, n, k) => new(new Identity(m), []),
        (r, m, n, k) => new(new Survivors(Draws.Of(RandomKey.FromSeed((ulong)r.Next())), k, Shape.Of(m, n), 0.3), []),
        (r, m, n, k) => new(new Fill(Shape.Of(m, n), 1.5), []),
        (r, m, n, k) => Product(r, false, false, Shape.Of(m, k), Shape.Of(k, n)),
        (r, m, n, k) => Product(r, false, false, Shape.Of(k, m), Shape.Of(m, n)),
        (r, m, n, k) => Product(r, true, false, Shape.Of(m, k), Shape.Of(m, n)),
        (r, m, n, k) => Product(r, false, true, Shape.Of(m, k), Shape.Of(n, k)),
        (r, m, n, k) => Product(r, false, true, Shape.Of(k, n), Shape.Of(m, n)),
        (r, m, n, k) => Product(r, true, true, Shape.Of(n, m), Shape.Of(k, n)),
        (r, m, n, k) => Product(r, false, false, Shape.Of(2, 2, m, k), Shape.Of(2, 2, k, n)),
        (r, m, n, k) => Product(r, true, true, Shape.Of(k, n, 3), Shape.Of(k, 2, n)),
    ];

    public static Dense Uniform(Random random, Shape shape, double low, double high) =>
        Dense.Build(shape, _ => low + ((high - low) * random.NextDouble()));

    public static Indices Rows(Random random, int count, int bound) => Indices.Of([.. Enumerable.Range(0, count).Select(_ => random.Next(bound))], bound);

    private static AnyApplication Of(Elementwise primitive, Random random, Shape shape) =>
        new(primitive, [.. Enumerable.Range(0, primitive.Arity).Select(primitive.Domain).Select(domain => Uniform(random, shape, domain.Low, domain.High))]);

    private static AnyApplication Product(Random random, bool left, bool right, Shape a, Shape b) =>
        new(new MatMul(left, right), [Uniform(random, a, -1, 1), Uniform(random, b, -1, 1)]);
}
