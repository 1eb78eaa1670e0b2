using System.Numerics;
using System.Reflection;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>
/// The elementwise primitives over runs of numbers. Vector and scalar forms of each compute the same bits, so that the place of an element
/// within a run does not matter. The outputs may be an input's own memory. In float32 the transcendental functions are our own, with their
/// error bounds stated at <see cref="VectorExp"/> and its kin; in float64 they are the runtime's.
/// </summary>
internal static unsafe class ElementwiseLoops<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y[0 … n) from a[0 … n) and, where the primitive takes two arguments, b[0 … n).</summary>
    internal static delegate*<T*, T*, T*, int, void> For(Primitive? primitive) => primitive switch
    {
        null => &Copy,
        Add => &Map<Sum>,
        Subtract => &Map<Difference>,
        Multiply => &Map<Product>,
        Divide => &Map<Quotient>,
        Negate => &Map<Opposite>,
        Sqrt => &Map<Root>,
        Tensors.Primitives.Maximum => &Map<Larger>,
        Tensors.Primitives.Greater => &Map<IsGreater>,
        EqualTo => &Map<IsEqual>,
        Unary unary => Function(unary),
        _ => throw new NotSupportedException($"The engine has no loop for {primitive.Name}."),
    };

    private interface IOperation
    {
        static abstract Vector<T> Of(Vector<T> a, Vector<T> b);

        static abstract T Of(T a, T b);
    }

    private static void Map<TOperation>(T* y, T* a, T* b, int n)
        where TOperation : struct, IOperation
    {
        var i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
        {
            TOperation.Of(Vector.Load(a + i), Vector.Load(b + i)).Store(y + i);
        }

        for (; i < n; i++)
        {
            y[i] = TOperation.Of(a[i], b[i]);
        }
    }

    private static void Copy(T* y, T* a, T* b, int n) => new ReadOnlySpan<T>(a, n).CopyTo(new Span<T>(y, n));

    /// <summary>A function of one variable: in float32 our own vector form where there is one, otherwise the definition, number by number.</summary>
    private static delegate*<T*, T*, T*, int, void> Function(Unary unary)
    {
        var ours = typeof(T) == typeof(float) ? VectorFunction.Of(unary) : null;
        var loop = typeof(ElementwiseLoops<T>)
            .GetMethod(ours is null ? nameof(Defined) : nameof(Mapped), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(ours ?? unary.GetType());
        return (delegate*<T*, T*, T*, int, void>)loop.MethodHandle.GetFunctionPointer();
    }

    private static void Mapped<F>(T* y, T* a, T* b, int n)
        where F : struct, IVectorFunction => VectorFunction.Map<F>((float*)y, (float*)a, n);

    private static void Defined<TPrimitive>(T* y, T* a, T* b, int n)
        where TPrimitive : Unary, new()
    {
        for (var i = 0; i < n; i++)
        {
            y[i] = T.CreateSaturating(Definition<TPrimitive>.Instance.Value(double.CreateSaturating(a[i])));
        }
    }

    private static class Definition<TPrimitive>
        where TPrimitive : Unary, new()
    {
        internal static TPrimitive Instance { get; } = new();
    }

    private readonly struct Sum : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => a + b;

        public static T Of(T a, T b) => a + b;
    }

    private readonly struct Difference : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => a - b;

        public static T Of(T a, T b) => a - b;
    }

    private readonly struct Product : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => a * b;

        public static T Of(T a, T b) => a * b;
    }

    private readonly struct Quotient : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => a / b;

        public static T Of(T a, T b) => a / b;
    }

    private readonly struct Opposite : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => -a;

        public static T Of(T a, T b) => -a;
    }

    private readonly struct Root : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.SquareRoot(a);

        public static T Of(T a, T b) => T.Sqrt(a);
    }

    private readonly struct Larger : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.Max(a, b);

        public static T Of(T a, T b) => T.Max(a, b);
    }

    private readonly struct IsGreater : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.GreaterThan(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of(T a, T b) => a > b ? T.One : T.Zero;
    }

    private readonly struct IsEqual : IOperation
    {
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.Equals(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of(T a, T b) => a == b ? T.One : T.Zero;
    }
}
