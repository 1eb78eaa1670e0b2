using System.Numerics;
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
        Exp => &Exponential,
        Log => &Logarithm,
        Tanh => &HyperbolicTangent,
        Unary unary when unary is Erf => &ErrorFunction,
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

    private static void Exponential(T* y, T* a, T* b, int n)
    {
        if (typeof(T) == typeof(float))
        {
            VectorFunction.Map<VectorExp>((float*)y, (float*)a, n);
            return;
        }

        for (var i = 0; i < n; i++)
        {
            y[i] = T.Exp(a[i]);
        }
    }

    private static void Logarithm(T* y, T* a, T* b, int n)
    {
        if (typeof(T) == typeof(float))
        {
            VectorFunction.Map<VectorLog>((float*)y, (float*)a, n);
            return;
        }

        for (var i = 0; i < n; i++)
        {
            y[i] = T.Log(a[i]);
        }
    }

    private static void HyperbolicTangent(T* y, T* a, T* b, int n)
    {
        if (typeof(T) == typeof(float))
        {
            VectorFunction.Map<VectorTanh>((float*)y, (float*)a, n);
            return;
        }

        for (var i = 0; i < n; i++)
        {
            y[i] = T.Tanh(a[i]);
        }
    }

    private static void ErrorFunction(T* y, T* a, T* b, int n)
    {
        if (typeof(T) == typeof(float))
        {
            VectorFunction.Map<VectorErf>((float*)y, (float*)a, n);
            return;
        }

        var definition = new Erf();
        for (var i = 0; i < n; i++)
        {
            y[i] = T.CreateSaturating(definition.Value(double.CreateSaturating(a[i])));
        }
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
