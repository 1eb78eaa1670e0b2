using Grokking.Tensors;

namespace Grokking.Networks;

// B batch, T tokens, d width, H heads

/// <summary>One block: causal self-attention, then a feed-forward layer, each added to the stream that it reads.</summary>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Heads">H.</param>
/// <param name="HeadWidth">d/H.</param>
/// <param name="Hidden">The width of the feed-forward layer.</param>
/// <param name="Placement">Where it normalises.</param>
internal sealed record TransformerBlock(int Layer, int Heads, int HeadWidth, int Hidden, NormPlacement Placement)
{
    /// <summary>What the scores of tokens that come later are lowered by: their weight is exactly 0.</summary>
    private const double LaterScore = -1e30;

    internal IEnumerable<ParameterSpecification> Parameters =>
    [
        .. Placement == NormPlacement.None ? [] : Norm1.Parameters,
        .. Queries.Parameters, .. Keys.Parameters, .. Values.Parameters, .. Joined.Parameters,
        .. Placement == NormPlacement.None ? [] : Norm2.Parameters,
        .. Widen.Parameters, .. Narrow.Parameters,
    ];

    private int Width => Heads * HeadWidth;

    private LayerNormalisation Norm1 => new($"layer{Layer}_norm1", Width);

    private LayerNormalisation Norm2 => new($"layer{Layer}_norm2", Width);

    private Linear Queries => Projection("query");

    private Linear Keys => Projection("key");

    private Linear Values => Projection("value");

    private Linear Joined => new($"layer{Layer}_attention_output", Width, Width) { BiasBound = 0 };

    private Linear Widen => new($"layer{Layer}_feed_forward_widen", Width, Hidden);

    private Linear Narrow => new($"layer{Layer}_feed_forward_narrow", Hidden, Width);

    /// <summary>The stream [B, T, d] after the block.</summary>
    internal T Apply<T>(Parameters<T> weights, T x, Func<T, int, T> dropout)
        where T : ITensor<T>
    {
        T Attended(T read) => dropout(Attention(weights, read), (2 * Layer) + 1);
        T Fed(T read) => dropout(Narrow.Apply(weights, Functions.Gelu(Widen.Apply(weights, read))), (2 * Layer) + 2);
        switch (Placement)
        {
            case NormPlacement.Pre:
                x += Attended(Norm1.Apply(weights, x));
                return x + Fed(Norm2.Apply(weights, x));
            case NormPlacement.Post:
                x = Norm1.Apply(weights, x + Attended(x));
                return Norm2.Apply(weights, x + Fed(x));
            case NormPlacement.AsCoded:
                x = Norm1.Apply(weights, x);
                x += Attended(x);
                return x + Fed(Norm2.Apply(weights, x));
            case NormPlacement.None:
                x += Attended(x);
                return x + Fed(x);
            default:
                throw new InvalidOperationException($"A block does not know where {Placement} is.");
        }
    }

    private Linear Projection(string name) => new($"layer{Layer}_attention_{name}", Width, Width) { WeightBound = Math.Sqrt(6.0 / (4 * Width)), BiasBound = 0 };

    private T Attention<T>(Parameters<T> weights, T x)
        where T : ITensor<T>
    {
        var tokens = x.Shape[1];
        var mask = Tensor.Literal<T>(Dense.Build(Shape.Of(tokens, tokens), at => at[1] <= at[0] ? 0 : LaterScore));
        T Split(Linear projection) => Tensor.Transpose(
            Tensor.Reshape(projection.Apply(weights, x), Shape.Of(x.Shape[0], tokens, Heads, HeadWidth)), Axes.Of(0, 2, 1, 3));
        var seen = Functions.Attention(Split(Queries), Split(Keys), Split(Values), mask);
        return Joined.Apply(weights, Tensor.Reshape(Tensor.Transpose(seen, Axes.Of(0, 2, 1, 3)), x.Shape));
    }
}
