using System.Collections.Immutable;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Differentiation;

/// <summary>Evaluates formulas in any reading of the algebra.</summary>
public static class Interpreter
{
    /// <summary>The values of formulas, given the values of their variables and named indices.</summary>
    /// <param name="outputs">The formulas; what they share is computed once.</param>
    /// <param name="variables">A value for each variable, by name.</param>
    /// <param name="indices">Values for each named place of indices.</param>
    /// <exception cref="KeyNotFoundException">A variable or a place of indices has no value.</exception>
    /// <exception cref="ArgumentException">A value does not have its variable's shape.</exception>
    public static ImmutableArray<T> Evaluate<T>(
        ImmutableArray<Expression> outputs,
        IReadOnlyDictionary<string, T> variables,
        IReadOnlyDictionary<string, ImmutableArray<int>> indices)
        where T : ITensor<T>
    {
        var values = new Dictionary<Expression, T>(ReferenceEqualityComparer.Instance);
        foreach (var node in Expression.InOrder(outputs.AsSpan()))
        {
            values[node] = node.Primitive is Variable variable
                ? Given(variable, variables)
                : T.Apply(Bind(node.Primitive, indices), [.. node.Inputs.Select(input => values[input])]);
        }

        return [.. outputs.Select(output => values[output])];
    }

    /// <summary>The value of one formula.</summary>
    public static T Evaluate<T>(Expression output, IReadOnlyDictionary<string, T> variables, IReadOnlyDictionary<string, ImmutableArray<int>> indices)
        where T : ITensor<T> => Evaluate([output], variables, indices)[0];

    private static T Given<T>(Variable variable, IReadOnlyDictionary<string, T> variables)
        where T : ITensor<T>
    {
        var value = variables[variable.Label];
        return value.Shape.Equals(variable.Shape)
            ? value
            : throw new ArgumentException($"The variable '{variable.Label}' has shape {variable.Shape}, but its value has {value.Shape}.");
    }

    private static Primitive Bind(Primitive primitive, IReadOnlyDictionary<string, ImmutableArray<int>> values)
    {
        Indices Known(Indices indices) => indices is Indices.Named named ? Indices.Of(values[named.Name], named.Bound) : indices;
        return primitive switch
        {
            Gather gather => new Gather(Known(gather.Rows)),
            ScatterAdd scatter => new ScatterAdd(Known(scatter.Rows)),
            OneHot oneHot => new OneHot(Known(oneHot.Rows)),
            Numbers numbers => new Numbers(Known(numbers.Rows)),
            _ => primitive,
        };
    }
}
