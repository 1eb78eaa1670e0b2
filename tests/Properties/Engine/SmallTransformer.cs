using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Properties.Engine;

// p modulus, B batch, T tokens, d width, H heads

/// <summary>
/// Two blocks of causal self-attention and feed-forward layers, each normalised before and added to what it reads, over the operands and
/// one more token, at which the logits are read.
/// </summary>
public sealed record SmallTransformer(int Modulus, int Operands, int Width) : INetwork
{
    /// <summary>The feed-forward layers are so many times wider than the rest.</summary>
    public const int Widening = 4;

    private const int Heads = 2;

    private const int Blocks = 2;

    public int Tokens => Operands + 1;

    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        new("embedding", Shape.Of(Modulus, Width), 0.7),
        new("position", Shape.Of(Tokens, Width), 0.3),
        .. Enumerable.Range(0, Blocks).SelectMany(block => new ParameterSpecification[]
        {
            new($"scale{block}", Shape.Of(Width), 1),
            new($"shift{block}", Shape.Of(Width), 0.1),
            new($"queries{block}", Shape.Of(Width, Width), 0.4),
            new($"keys{block}", Shape.Of(Width, Width), 0.4),
            new($"values{block}", Shape.Of(Width, Width), 0.4),
            new($"joined{block}", Shape.Of(Width, Width), 0.4),
            new($"wide{block}", Shape.Of(Width, Widening * Width), 0.4),
            new($"bias{block}", Shape.Of(Widening * Width), 0.1),
            new($"narrow{block}", Shape.Of(Widening * Width, Width), 0.2),
        }),
        new("out", Shape.Of(Width, Modulus), 0.4),
    ];

    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var mask = Tensor.Literal<T>(Dense.Build(Shape.Of(Tokens, Tokens), at => at[1] <= at[0] ? 0 : -1e9));
        var x = batch.Operands
            .Select((operand, t) => Tensor.Pad(Tensor.Reshape(Tensor.Gather(weights["embedding"], operand), Shape.Of(batch.Size, 1, Width)), 1, t, Tokens))
            .Aggregate((a, b) => a + b) + weights["position"];
        for (var block = 0; block < Blocks; block++)
        {
            T Weight(string name) => weights[$"{name}{block}"];
            T Normed(T x) => Functions.LayerNorm(x, Weight("scale"), Weight("shift"), 0.1);
            T Split(T x) => Tensor.Transpose(Tensor.Reshape(x, Shape.Of(batch.Size, Tokens, Heads, Width / Heads)), Axes.Of(0, 2, 1, 3));
            var normed = Normed(x);
            var seen = Functions.Attention(Split(Tensor.MatMul(normed, Weight("queries"))), Split(Tensor.MatMul(normed, Weight("keys"))), Split(Tensor.MatMul(normed, Weight("values"))), mask);
            x += Tensor.MatMul(Tensor.Reshape(Tensor.Transpose(seen, Axes.Of(0, 2, 1, 3)), x.Shape), Weight("joined"));
            x += Tensor.MatMul(Functions.Gelu(Tensor.MatMul(Normed(x), Weight("wide")) + Weight("bias")), Weight("narrow"));
        }

        return Tensor.MatMul(Tensor.Reshape(Tensor.Slice(x, 1, Tokens - 1, 1), Shape.Of(batch.Size, Width)), weights["out"]);
    }
}
