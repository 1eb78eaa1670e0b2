using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// p modulus, V vocabulary, K operands, T tokens, B batch, d width, H heads

/// <summary>Where a transformer's block normalises what it reads.</summary>
public enum NormPlacement
{
    /// <summary>x ← x + attention(LN₁ x), then x ← x + mlp(LN₂ x) (arXiv 2002.04745); a last norm stands before the read-out.</summary>
    Pre,

    /// <summary>x ← LN₁(x + attention(x)), then x ← LN₂(x + mlp(x)) (arXiv 1706.03762).</summary>
    Post,

    /// <summary>Nowhere: x ← x + attention(x), then x ← x + mlp(x).</summary>
    None,

    /// <summary>
    /// As the PKU project's program has it: x ← LN₁ x <em>replaces</em> the block's input, then x ← x + attention(x) and x ← x + mlp(LN₂ x).
    /// The residual stream is normalised anew at each block's entry: neither before nor after. A last norm stands before the read-out.
    /// </summary>
    AsCoded,
}

/// <summary>Which matrix the logits are read out with.</summary>
public enum ReadOut
{
    /// <summary>A matrix of its own, without bias.</summary>
    Own,

    /// <summary>The table of token embeddings, transposed.</summary>
    Tied,
}

/// <summary>
/// The decoder transformer of the PKU project: token and learned position embeddings, blocks of causal self-attention with biases and of
/// feed-forward layers with exact GELU, a last norm, and a read-out without bias at the last token, =. With 2 layers of width 128 and 4 heads it
/// has 408,448 parameters at p = 41.
/// </summary>
/// <remarks>
/// Initialisation: tables N(0, 1); matrices and biases uniform ±1/√in, but queries, keys and values Xavier-uniform as one joint [3d, d] matrix, ±√(6/(4d)),
/// and all attention biases 0. The frameworks keep queries, keys and values in one matrix; here each has its own, which is the same function.
/// Logits have V = p + 2 columns: the signs are never masked.
/// </remarks>
/// <param name="Modulus">p, at least 2.</param>
/// <param name="Operands">K, at least 1.</param>
/// <param name="Layers">Blocks, at least 1.</param>
/// <param name="Width">d, a multiple of the heads.</param>
[Kind("transformer", "decoder transformer over x ∘ y =, read out at =")]
public sealed record Transformer(
    int Modulus,
    int Operands,
    [property: Setting("blocks", From = 1, To = 32, Default = 2)] int Layers,
    [property: Setting("d, the width of the residual stream, a multiple of the heads", From = 1, To = 4096)] int Width) : INetwork
{
    /// <summary>H, at least 1; 4 unless said otherwise.</summary>
    [Setting("H, attention heads", From = 1, To = 64, Default = 4)]
    public int Heads { get; init; } = 4;

    /// <summary>The feed-forward layers are so many times wider than the stream; 4 unless said otherwise.</summary>
    [Setting("width of the feed-forward layers, in widths of the residual stream", From = 1, To = 16, Default = 4)]
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Where blocks normalise; before attention and feed-forward layers unless said otherwise.</summary>
    [Setting("where blocks normalise", Default = (int)NormPlacement.Pre)]
    public NormPlacement NormPlacement { get; init; }

    /// <summary>How samples are written.</summary>
    [Setting("how samples are written as tokens", Default = (int)Notation.Infix)]
    public Notation Notation { get; init; }

    /// <summary>What the logits are read out with.</summary>
    [Setting("what the logits are read out with", Default = (int)ReadOut.Own)]
    public ReadOut ReadOut { get; init; }

    /// <summary>
    /// q, the probability with which training drops elements of the embedding, and of what attention and feed-forward layers add to the stream; in [0, 1).
    /// </summary>
    [Setting("q, the probability with which training drops an element of the embedding and of each branch", From = 0, Below = 1, Default = 0)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Contradiction> Contradictions()
    {
        if (Width % Heads != 0)
        {
            yield return new(
                nameof(Heads),
                $"is {Heads} for a width of {Width}",
                $"the heads share the width evenly; here that can be {string.Join(", ", Enumerable.Range(1, Math.Min(Width, 64)).Where(count => Width % count == 0))}");
        }
    }

    int INetwork.Width => FeedForwardFactor * Width * Sequence.Length;

    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        .. Sequence.Tables(Width),
        .. Blocks.SelectMany(block => block.Parameters),
        .. OutputNorm?.Parameters ?? [],
        .. ReadOut == ReadOut.Own ? Head.Parameters : [],
    ];

    /// <inheritdoc/>
    public double MultiplyAdds => Layers * Sequence.Length * (((4.0 + (2 * FeedForwardFactor)) * Width * Width) + (2.0 * Sequence.Length * Width));

    /// <inheritdoc/>
    public bool DiffersInTraining => Dropout > 0;

    /// <summary>The logits, [B, V].</summary>
    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => Logits(weights, batch, (x, _) => x);

    /// <summary>The logits with dropout, [B, V].</summary>
    public T TrainingLogits<T>(Parameters<T> weights, Batch batch, Draws draws)
        where T : ITensor<T> => Logits(weights, batch, (x, layer) => Functions.Dropout(x, Dropout, draws, layer));

    /// <summary>d/H.</summary>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    public int HeadWidth => Width % Heads == 0 ? Width / Heads : throw new ArgumentException($"{Heads} heads cannot share a width of {Width} evenly.");

    private TokenSequence Sequence => new(Modulus, Operands, Notation);

    private ImmutableArray<TransformerBlock> Blocks =>
        [.. Enumerable.Range(0, Layers).Select(layer => new TransformerBlock(layer, Heads, HeadWidth, FeedForwardFactor * Width, NormPlacement))];

    private LayerNormalisation? OutputNorm => NormPlacement is NormPlacement.Pre or NormPlacement.AsCoded ? new("output_norm", Width) : null;

    private Linear Head => new("head", Width, Sequence.Vocabulary) { HasBias = false };

    private T Logits<T>(Parameters<T> weights, Batch batch, Func<T, int, T> dropout)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        // Dropout tells samples apart that begin alike.
        ImmutableArray<Stretch<T>> embedded = Dropout == 0 && Sequence.Shares(batch)
            ? Sequence.EmbedShared(weights, batch)
            : [Stretch<T>.Of(dropout(Sequence.Embed(weights, batch), 0), null)];
        var stream = Blocks.Aggregate(embedded, (x, block) => block.Apply(weights, x, dropout))[^1];
        var last = Tensor.Reshape(Tensor.Slice(stream.Rows, 1, stream.Tokens - 1, 1), Shape.Of(batch.Size, Width));
        var read = OutputNorm is { } norm ? norm.Apply(weights, last) : last;
        return ReadOut == ReadOut.Own ? Head.Apply(weights, read) : Tensor.MatMul(read, Tensor.Transpose(weights[TokenSequence.TokenTable]));
    }
}
