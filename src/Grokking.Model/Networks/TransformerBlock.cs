using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// B batch, R rows, T tokens, t tokens of a stretch, d width, H heads

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

    /// <summary>The stream after the block, stretch by stretch. All but the last have rows that samples choose among.</summary>
    internal ImmutableArray<Stretch<T>> Apply<T>(Parameters<T> weights, ImmutableArray<Stretch<T>> x, Func<T, int, T> dropout)
        where T : ITensor<T>
    {
        T Fed(T read) => dropout(Narrow.Apply(weights, Functions.Gelu(Widen.Apply(weights, read))), (2 * Layer) + 2);
        ImmutableArray<Stretch<T>> Normed(LayerNormalisation norm) => [.. x.Select(stretch => stretch.Then(token => norm.Apply(weights, token)))];
        ImmutableArray<Stretch<T>> Attended(ImmutableArray<Stretch<T>> read) =>
            [.. x.Zip(Attention(weights, read), (stretch, seen) => stretch.With(stretch.Rows + dropout(seen, (2 * Layer) + 1)))];
        ImmutableArray<Stretch<T>> Each(Func<T, T> function) => [.. x.Select(stretch => stretch.With(function(stretch.Rows)))];
        switch (Placement)
        {
            case NormPlacement.Pre:
                x = Attended(Normed(Norm1));
                return Each(token => token + Fed(Norm2.Apply(weights, token)));
            case NormPlacement.Post:
                x = Attended(x);
                x = Each(token => Norm1.Apply(weights, token));
                return Each(token => Norm2.Apply(weights, token + Fed(token)));
            case NormPlacement.AsCoded:
                x = Normed(Norm1);
                x = Attended(x);
                return Each(token => token + Fed(Norm2.Apply(weights, token)));
            case NormPlacement.None:
                x = Attended(x);
                return Each(token => token + Fed(token));
            default:
                throw new InvalidOperationException($"A block does not know where {Placement} is.");
        }
    }

    private Linear Projection(string name) => new($"layer{Layer}_attention_{name}", Width, Width) { WeightBound = Math.Sqrt(6.0 / (4 * Width)), BiasBound = 0 };

    /// <summary>What the tokens of each stretch see of those before them and of themselves, [R, t, d].</summary>
    private IEnumerable<T> Attention<T>(Parameters<T> weights, ImmutableArray<Stretch<T>> x)
        where T : ITensor<T>
    {
        var (keys, values) = (ImmutableArray<T>.Empty, ImmutableArray<T>.Empty);
        foreach (var stretch in x)
        {
            T Of(Linear projection) => stretch.Then(token => projection.Apply(weights, token)).Rows;
            var (key, value) = (Of(Keys), Of(Values));
            var seen = Functions.Attention(
                Split(Of(Queries)), Split(Stretch<T>.Joined([.. keys, key])), Split(Stretch<T>.Joined([.. values, value])), Mask<T>(stretch.Tokens, keys.Sum(earlier => earlier.Shape[1])));
            yield return Joined.Apply(weights, Tensor.Reshape(Tensor.Transpose(seen, Axes.Of(0, 2, 1, 3)), Shape.Of(seen.Shape[0], stretch.Tokens, Width)));
            (keys, values) = ([.. keys, stretch.Chosen(key)], [.. values, stretch.Chosen(value)]);
        }
    }

    /// <summary>[R, t, d] as [R, H, t, d/H].</summary>
    private T Split<T>(T x)
        where T : ITensor<T> => Tensor.Transpose(Tensor.Reshape(x, Shape.Of(x.Shape[0], x.Shape[1], Heads, HeadWidth)), Axes.Of(0, 2, 1, 3));

    /// <summary>Hides what comes later from tokens that have so many before them, [t, before + t].</summary>
    private static T Mask<T>(int tokens, int before)
        where T : ITensor<T> => Tensor.Literal<T>(Dense.Build(Shape.Of(tokens, before + tokens), at => at[1] <= before + at[0] ? 0 : LaterScore));
}
