using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// p modulus, K operands, D = K p inputs, N hidden width, B batch

/// <summary>
/// The two-layer network with a quadratic activation: f = W2 (W1 x)² / (D N), where x stacks the one-hot operands
/// (arXiv 2301.02679, Eq. 4). No biases.
/// </summary>
/// <remarks>
/// <c>w1</c> [N, K p] holds one block of p columns per operand (the left half belongs to the first), <c>w2</c> [p, N]. Every entry
/// starts as N(0, 1): all scales live in the forward pass. A one-hot input times W1 is a choice of columns, so the first layer is
/// a gather and costs no product.
/// </remarks>
/// <param name="Modulus">p, at least 2.</param>
/// <param name="Operands">K, at least 1.</param>
/// <param name="Width">N, at least 1.</param>
[Kind("quadratic", "f = W2 (W1 x)^2 / (D N), arXiv 2301.02679, Eq. 4")]
public sealed record QuadraticNetwork(
    int Modulus,
    int Operands,
    [property: Setting("N, hidden neurons", From = 1, To = QuadraticNetwork.Widest)] int Width) : INetwork
{
    /// <summary>The largest width that an experiment may ask for; a slip of the keyboard is refused and does not fill a machine.</summary>
    private const int Widest = 1 << 20;

    /// <summary>D = K p, the length of the stacked one-hot input.</summary>
    public int InputSize => Operands * Modulus;

    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        new("w1", Shape.Of(Width, InputSize), 1),
        new("w2", Shape.Of(Modulus, Width), 1),
    ];

    /// <summary>The logits, [B, p].</summary>
    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var hidden = PreActivations(weights, batch);
        return Tensor.Scale(Tensor.MatMul(hidden * hidden, Tensor.Transpose(weights["w2"])), 1.0 / ((double)InputSize * Width));
    }

    /// <summary>h = W1 x, [B, N]: before the square.</summary>
    public T PreActivations<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        var columns = Tensor.Transpose(weights["w1"]);
        return batch.Operands
            .Select((operand, place) => Tensor.Gather(Tensor.Slice(columns, 0, place * Modulus, Modulus), operand))
            .Aggregate((sum, next) => sum + next);
    }
}
