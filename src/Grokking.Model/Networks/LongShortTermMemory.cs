using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// p modulus, V vocabulary, K operands, T tokens, B batch, d width

/// <summary>What a recurrent network takes for its sequence.</summary>
public enum RecurrentAxis
{
    /// <summary>The tokens of a sample.</summary>
    Tokens,

    /// <summary>
    /// As the PKU project's program has it: the samples of a batch, and positions are numbered along them. There are 2K + 1 positions, so that no larger batch has an answer; it is refused.
    /// </summary>
    AsCoded,
}

/// <summary>
/// Layers of long short-term memory (Hochreiter and Schmidhuber 1997, with a forget gate) over the tokens of x ∘ y =, whose last state at = is read out
/// without bias. Token and learned position embeddings as in <see cref="Transformer"/>.
/// </summary>
/// <remarks>
/// <para>With each of i, f, g, o an own W x + b + U h + c of length d: memory m ← σ(f) m + σ(i) tanh(g), state h ← σ(o) tanh(m), both 0 before the first token. Two biases, as
/// the frameworks have them, and all entries uniform in ±1/√d at the start; the frameworks keep the four in one [4d, d] matrix, here each has its own, which is the same function:
/// <c>layer0_forget_gate_from_input_weight</c> [d, d], <c>layer0_forget_gate_from_state_bias</c> [d], ….</para>
/// <para>The PKU project's program indexes positions by the batch and walks along the batch instead of the tokens: it fails for more than five samples, and is not built
/// (<see cref="RecurrentAxis.AsCoded"/>).</para>
/// </remarks>
/// <param name="Modulus">p, at least 2.</param>
/// <param name="Operands">K, at least 1.</param>
/// <param name="Layers">Layers, at least 1.</param>
/// <param name="Width">d, at least 1.</param>
[Kind("longShortTermMemory", "LSTM over x ∘ y =, read out at =")]
public sealed record LongShortTermMemory(
    int Modulus,
    int Operands,
    [property: Setting("layers", From = 1, To = 16, Default = 2)] int Layers,
    [property: Setting("d, the length of a state", From = 1, To = 4096)] int Width) : INetwork
{
    /// <summary>How samples are written.</summary>
    [Setting("how samples are written as tokens", Default = (int)Notation.Infix)]
    public Notation Notation { get; init; }

    /// <summary>What it takes for its sequence; the tokens unless said otherwise.</summary>
    [Setting("what it takes for its sequence", Default = (int)RecurrentAxis.Tokens)]
    public RecurrentAxis WalksAlong { get; init; }

    /// <summary>q, the probability with which training drops elements of the states that one layer hands to the next; in [0, 1).</summary>
    [Setting("q, the probability with which training drops an element of what one layer hands to the next", From = 0, Below = 1, Default = 0)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Contradiction> Contradictions()
    {
        // The program that the source published; its own figure came from another one.
        if (WalksAlong == RecurrentAxis.AsCoded)
        {
            yield return new(
                nameof(WalksAlong),
                $"is 'asCoded': that program takes the axis of the samples for the axis of the tokens and numbers positions along it, of which there are {Sequence.Length}, so that no larger batch has an answer",
                "it must be 'tokens'");
        }

        if (Dropout > 0 && Layers == 1)
        {
            yield return Contradiction.Of(nameof(Dropout), $"is {Dropout} for one layer", "only what one of several \"layers\" hands to the next is ever dropped");
        }
    }

    int INetwork.Width => 4 * Width * Sequence.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">It is to walk along the batch.</exception>
    public ImmutableArray<ParameterSpecification> Parameters => WalksAlong == RecurrentAxis.AsCoded
        ? throw new ArgumentException("A recurrent network that walks along the batch has no answer for a sample by itself.")
        : [.. Sequence.Tables(Width), .. Cells.SelectMany(cell => cell.Parameters), .. Head.Parameters];

    /// <inheritdoc/>
    public double MultiplyAdds => Layers * Sequence.Length * 8.0 * Width * Width;

    /// <inheritdoc/>
    public bool DiffersInTraining => Dropout > 0 && Layers > 1;

    /// <summary>The logits, [B, V].</summary>
    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => Logits(weights, batch, (x, _) => x);

    /// <summary>The logits with dropout, [B, V].</summary>
    public T TrainingLogits<T>(Parameters<T> weights, Batch batch, Draws draws)
        where T : ITensor<T> => Logits(weights, batch, (x, layer) => Functions.Dropout(x, Dropout, draws, layer));

    private TokenSequence Sequence => new(Modulus, Operands, Notation);

    private ImmutableArray<RecurrentCell> Cells => [.. Enumerable.Range(0, Layers).Select(layer => new RecurrentCell(layer, Width))];

    private Linear Head => new("head", Width, Sequence.Vocabulary) { HasBias = false };

    private T Logits<T>(Parameters<T> weights, Batch batch, Func<T, int, T> dropout)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        // What samples begin with alike is walked along once for each residue, [p, d], up to the second operand. Dropout tells samples apart.
        var shared = Dropout == 0 && Sequence.Shares(batch) ? TokenSequence.SharedLength : 0;
        ImmutableArray<T> states = [];
        T Embedded(int place, Func<T, T> gate) => place < shared ? Sequence.EmbedResidues(weights, place, gate) : Sequence.EmbedOne(weights, batch, place, gate);
        ImmutableArray<T> Input(RecurrentCell cell, int place)
        {
            if (cell.Layer == 0)
            {
                return [.. cell.OfInput(weights).Select(gate => Embedded(place, gate))];
            }

            var state = dropout(states[place], ((cell.Layer - 1) * Sequence.Length) + place);
            return [.. cell.OfInput(weights).Select(gate => gate(state))];
        }

        foreach (var cell in Cells)
        {
            ImmutableArray<ImmutableArray<T>> inputs = [.. Enumerable.Range(0, Sequence.Length).Select(place => Input(cell, place))];
            var first = cell.Walk(weights, cell.Start<T>(Modulus), inputs.Take(shared));
            var start = shared == 0 ? cell.Start<T>(batch.Size) : new(Tensor.Gather(first[^1].State, batch.Operands[0]), Tensor.Gather(first[^1].Memory, batch.Operands[0]));
            states = [.. first.Concat(cell.Walk(weights, start, inputs.Skip(shared))).Select(each => each.State)];
        }

        return Head.Apply(weights, states[^1]);
    }
}
