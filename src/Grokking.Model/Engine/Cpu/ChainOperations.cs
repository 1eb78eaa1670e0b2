using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>The elementwise primitives, and what a chain does with memory, as expressions over vectors of one width.</summary>
internal sealed class ChainOperations<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VectorWidth width;
    private readonly Type memory;
    private readonly Dictionary<string, MethodInfo> found = [];

    internal ChainOperations(VectorWidth width)
    {
        this.width = width;
        Vector = width.Of<T>();
        memory = typeof(VectorMemory<,>).MakeGenericType(typeof(T), Vector);
    }

    /// <summary>The type of a vector.</summary>
    internal Type Vector { get; }

    /// <summary>Bytes of a vector.</summary>
    internal int Bytes => width.Bytes;

    /// <summary>Whether a primitive can be compiled. Functions that no vector instruction computes are left to the interpreter.</summary>
    internal static bool Has(Primitive? primitive) => primitive is
        null or Add or Subtract or Multiply or Divide or Negate or Sqrt or Maximum or Greater or EqualTo;

    /// <summary>A primitive's vector of results; each operation is rounded once, as the interpreter's.</summary>
    internal Expression Of(Primitive? primitive, Expression a, Expression b) => primitive switch
    {
        null => a,
        Add => Expression.Add(a, b),
        Subtract => Expression.Subtract(a, b),
        Multiply => Expression.Multiply(a, b),
        Divide => Expression.Divide(a, b),
        Negate => Expression.Negate(a),
        Sqrt => OnVectors("Sqrt", a),
        Maximum => OnVectors("Max", a, b),
        Greater => Indicator(OnVectors("GreaterThan", a, b)),
        EqualTo => Indicator(OnVectors("Equals", a, b)),
        _ => throw new NotSupportedException($"The engine does not compile {primitive.Name}."),
    };

    /// <summary>One number in every place.</summary>
    internal MethodCallExpression Repeat(Expression number) => OnVectors("Create", number);

    /// <summary>A call of <see cref="VectorMemory{T, V}"/>.</summary>
    internal MethodCallExpression InMemory(string name, params Expression[] arguments) =>
        Expression.Call(memory.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!, arguments);

    private MethodCallExpression Indicator(Expression condition) => OnVectors("ConditionalSelect", condition, Constant("One"), Constant("Zero"));

    private MemberExpression Constant(string name) => Expression.Property(null, Vector.GetProperty(name)!);

    /// <summary>A call of <see cref="System.Runtime.Intrinsics.Vector512"/> or its kin: the overload that is generic in the element.</summary>
    private MethodCallExpression OnVectors(string name, params Expression[] arguments)
    {
        if (!found.TryGetValue(name, out var method))
        {
            found[name] = method = width.Operations.GetMember(name, MemberTypes.Method, BindingFlags.Static | BindingFlags.Public).Cast<MethodInfo>()
                .Where(method => method.GetGenericArguments().Length == 1 && method.GetParameters().Length == arguments.Length)
                .Select(method => method.MakeGenericMethod(typeof(T)))
                .Single(method => method.GetParameters().Zip(arguments).All(pair => pair.First.ParameterType == pair.Second.Type));
        }

        return Expression.Call(method, arguments);
    }
}
