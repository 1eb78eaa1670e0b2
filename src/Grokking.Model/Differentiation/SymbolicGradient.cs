using Grokking.Networks;

namespace Grokking.Differentiation;

/// <summary>Differentiates functions of named tensors in the reading of formulas.</summary>
public static class SymbolicGradient
{
    /// <summary>The formula of a scalar function at the given weights, and the formulas of its gradient there.</summary>
    public static (Expression Value, Parameters<Expression> Gradients) ValueAndGradient(
        Func<Parameters<Expression>, Expression> function, Parameters<Expression> weights)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(weights);
        var value = function(weights);
        return (value, weights.With(Reverse.Gradient(value, weights.Values)));
    }
}
