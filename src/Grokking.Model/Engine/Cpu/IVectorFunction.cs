using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>A function of one float32 variable, written once for any number of lanes.</summary>
internal interface IVectorFunction
{
    /// <summary>What no error exceeds, over all float32 arguments, in units in the last place.</summary>
    static abstract double LargestError { get; }

    /// <summary>The function in each lane.</summary>
    static abstract V Of<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct;
}

/// <summary>A primitive's function of one float32 variable; the engine finds it by the primitive.</summary>
internal interface IVectorFunction<TPrimitive> : IVectorFunction
    where TPrimitive : Unary;

/// <summary>Runs a function over neighbouring numbers.</summary>
internal static unsafe class VectorFunction
{
    private static readonly ImmutableDictionary<Type, Type> ByPrimitive = typeof(VectorFunction).Assembly.GetTypes()
        .SelectMany(type => type.GetInterfaces(), (type, face) => (type, face))
        .Where(pair => pair.type.IsValueType && pair.face.IsGenericType && pair.face.GetGenericTypeDefinition() == typeof(IVectorFunction<>))
        .ToImmutableDictionary(pair => pair.face.GetGenericArguments()[0], pair => pair.type);

    /// <summary>The vector function of a primitive; null where it has none.</summary>
    internal static Type? Of(Primitive? primitive) => primitive is null ? null : ByPrimitive.GetValueOrDefault(primitive.GetType());

    /// <summary>
    /// y[i] = f(x[i]) for 0 ≤ i &lt; n, with this machine's widest lanes first and ever narrower ones for the rest, which is seamless
    /// because all give the same bits. <paramref name="y"/> may be <paramref name="x"/>.
    /// </summary>
    internal static void Map<F>(float* y, float* x, int n)
        where F : struct, IVectorFunction
    {
        var done = 0;
        if (Avx512F.IsSupported)
        {
            done = Map<F, Lanes512, Vector512<float>>(y, x, done, n);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            done = Map<F, Lanes256, Vector256<float>>(y, x, done, n);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            done = Map<F, Lanes128, Vector128<float>>(y, x, done, n);
        }

        Map<F, SingleLane, float>(y, x, done, n);
    }

    /// <summary>From <paramref name="start"/> on as far as whole vectors reach; returns where it stopped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Map<F, L, V>(float* y, float* x, int start, int n)
        where F : struct, IVectorFunction
        where L : struct, ILanes<V>
        where V : struct
    {
        var i = start;
        for (; i <= n - L.Count; i += L.Count)
        {
            L.Store(F.Of<L, V>(L.Load(x + i)), y + i);
        }

        return i;
    }
}
