using System.Linq.Expressions;
using System.Reflection;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>The elementwise primitives, and what a chain does with memory, as expressions over vectors of one width.</summary>
internal sealed class ChainOperations
{
    private readonly Type element;
    private readonly VectorWidth width;
    private readonly Type memory;
    private readonly Dictionary<string, MethodInfo> found = [];

    /// <param name="element">float or double.</param>
    /// <param name="width">The vectors.</param>
    internal ChainOperations(Type element, VectorWidth width)
    {
        this.element = element;
        this.width = width;
        Vector = width.Open.MakeGenericType(element);
        memory = typeof(VectorMemory<,>).MakeGenericType(element, Vector);
    }

    /// <summary>The type of a vector.</summary>
    internal Type Vector { get; }

    /// <summary>Bytes of a vector.</summary>
    internal int Bytes => width.Bytes;

    /// <summary>Whether a primitive can be compiled. In float64 the transcendental functions have no vector form of ours.</summary>
    internal bool Has(Primitive? primitive) => VectorFunction.Of(primitive) is null
        ? primitive is null or Add or Subtract or Multiply or Divide or Negate or Sqrt or Maximum or Greater or EqualTo
        : element == typeof(float);

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
        _ when VectorFunction.Of(primitive) is { } function =>
            Expression.Call(function.GetMethod(nameof(VectorExp.Of))!.MakeGenericMethod(width.Lanes, Vector), a),
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
                .Select(method => method.MakeGenericMethod(element))
                .Single(method => method.GetParameters().Zip(arguments).All(pair => pair.First.ParameterType == pair.Second.Type));
        }

        return Expression.Call(method, arguments);
    }
}
