using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Networks;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Measures;

// B samples

/// <summary>A network written down for measuring: each weight and each statistic is a variable of its own name, operand k the indices <c>xk</c>.</summary>
internal static class NetworkFormula
{
    /// <summary>The logits of B samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">The variables of its weights.</param>
    /// <param name="size">B.</param>
    /// <param name="samples">Whatever samples: how many operands they have, and p.</param>
    /// <param name="looksUpFirst">See <see cref="Batch.LooksUpFirst"/>.</param>
    internal static Expression Logits(INetwork network, Parameters<Expression> weights, int size, Samples samples, bool looksUpFirst = false) => network.Logits(
        weights.And(Tracing.Variables(network.Statistics)), Batch.Named("", size, samples.Operands.Length, samples.Modulus) with { LooksUpFirst = looksUpFirst });

    /// <summary>Gives a program its weights, as far as its formulas read them.</summary>
    internal static void Give(this Executable program, Parameters<Dense> weights)
    {
        foreach (var (name, value) in weights.Names.Zip(weights.Values))
        {
            program.Offer(name, value);
        }
    }
}
