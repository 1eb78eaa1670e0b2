using Grokking.Tensors;

namespace Grokking.Optimisers;

/// <summary>Something that a rule remembers for each weight tensor; it starts at zero.</summary>
/// <param name="Name">The name in checkpoints.</param>
public sealed record Slot(string Name)
{
    /// <summary>0 for one tensor of the weight's shape [...], as unless said otherwise; w ≥ 1 for w of them in one tensor [w, ...].</summary>
    public int Window { get; init; }

    /// <summary>The shape of what is remembered for a weight.</summary>
    /// <param name="weight">The weight's shape.</param>
    public Shape ShapeFor(Shape weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Window == 0 ? weight : Shape.Of([Window, .. weight.Lengths]);
    }
}
