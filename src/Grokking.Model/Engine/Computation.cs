using System.Collections.Immutable;
using Grokking.Differentiation;

namespace Grokking.Engine;

/// <summary>What a compiled program computes: formulas over variables and named indices.</summary>
/// <param name="Outputs">Formulas whose values can be read after a run, by name.</param>
/// <param name="Updates">
/// Variables that receive the value of a formula at the end of a run, so that the next run continues from there: the weights and the
/// optimiser's memory of a training step. All formulas see the values from before.
/// </param>
/// <param name="Samples">
/// B, the number of samples that the named indices stand for; each named place has a multiple of B entries. The engine may then work
/// through the samples in tiles and shards. 0 forbids that.
/// </param>
internal sealed record Computation(
    ImmutableArray<(string Name, Expression Value)> Outputs,
    ImmutableArray<(string Variable, Expression Value)> Updates,
    int Samples)
{
    /// <summary>All formulas: outputs, then updates.</summary>
    public ImmutableArray<Expression> Roots => [.. Outputs.Select(output => output.Value), .. Updates.Select(update => update.Value)];

    /// <summary>The same outputs and updates with other formulas, in the order of <see cref="Roots"/>.</summary>
    public Computation With(ImmutableArray<Expression> roots) => this with
    {
        Outputs = [.. Outputs.Select((output, i) => (output.Name, roots[i]))],
        Updates = [.. Updates.Select((update, i) => (update.Variable, roots[Outputs.Length + i]))],
    };
}
