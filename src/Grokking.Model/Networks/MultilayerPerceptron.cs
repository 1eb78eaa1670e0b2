using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// p modulus, V vocabulary, K operands, B batch, d width

/// <summary>What a perceptron is given of a sample.</summary>
public enum PerceptronInput
{
    /// <summary>The embeddings of all operands, one after the other: K d numbers.</summary>
    Concatenated,

    /// <summary>The sum of the embeddings of all operands: d numbers. It cannot tell x ∘ y from y ∘ x.</summary>
    Summed,

    /// <summary>The one-hot operands, one after the other: K p numbers, of which the first layer chooses columns. There is no embedding.</summary>
    OneHot,

    /// <summary>
    /// As the PKU project's program has it: the embedding of the token = and of its place, the same for all samples. The answer cannot depend on the operands; what it
    /// learns is how often each label occurs.
    /// </summary>
    LastToken,
}

/// <summary>
/// A multilayer perceptron: an embedding of the operands, layers W x + b with an activation, and a read-out with bias to V = p + 2 logits.
/// Everything but the embedding, which is N(0, 1), starts uniformly in ±1/√in.
/// </summary>
/// <param name="Modulus">p, at least 2.</param>
/// <param name="Operands">K, at least 1.</param>
/// <param name="Layers">Hidden layers, at least 1.</param>
/// <param name="Width">d, the width of the embedding and of every hidden layer.</param>
[Kind("perceptron", "multilayer perceptron over embedded or one-hot operands")]
public sealed record MultilayerPerceptron(
    int Modulus,
    int Operands,
    [property: Setting("hidden layers", From = 1, To = 64, Default = 2)] int Layers,
    [property: Setting("d, the width of the embedding and of the hidden layers", From = 1, To = 1 << 16)] int Width) : INetwork
{
    private const string Table = TokenSequence.TokenTable;

    /// <summary>What it is given; concatenated embeddings unless said otherwise.</summary>
    [Setting("what it is given of a sample", Default = (int)PerceptronInput.Concatenated)]
    public PerceptronInput Input { get; init; }

    /// <summary>φ; GELU unless said otherwise.</summary>
    [Setting("φ, the activation", Default = (int)Activation.Gelu)]
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>n of a monomial φ(h) = hⁿ, at least 1; 2 unless said otherwise.</summary>
    [Setting("n of the monomial φ(h) = hⁿ", From = 1, To = 16, Default = 2)]
    public int Degree { get; init; } = 2;

    /// <summary>q, the probability with which training drops a hidden neuron's activation, in [0, 1); 0 unless said otherwise.</summary>
    [Setting("q, the probability with which training drops a hidden neuron's activation", From = 0, Below = 1, Default = 0)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Contradiction> Contradictions() => Contradiction.OfDegree(Activation, Degree) is { } degree ? [degree] : [];

    /// <inheritdoc/>
    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        .. Input switch
        {
            PerceptronInput.OneHot => [],
            PerceptronInput.LastToken => Sequence.Tables(Width),
            _ => [new(Table, Shape.Of(Sequence.Vocabulary, Width), 1) { Role = ParameterRole.Embedding }],
        },
        .. Hidden.SelectMany(layer => layer.Parameters),
        .. Head.Parameters,
    ];

    /// <inheritdoc/>
    public double MultiplyAdds => Hidden.Skip(Input == PerceptronInput.OneHot ? 1 : 0).Append(Head).Sum(layer => (double)layer.Inputs * layer.Outputs);

    /// <inheritdoc/>
    public bool DiffersInTraining => Dropout > 0;

    /// <summary>The logits, [B, V].</summary>
    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => Logits(weights, batch, (x, _) => x);

    /// <summary>The logits with dropout, [B, V].</summary>
    public T TrainingLogits<T>(Parameters<T> weights, Batch batch, Draws draws)
        where T : ITensor<T> => Logits(weights, batch, (x, layer) => Functions.Dropout(x, Dropout, draws, layer));

    private TokenSequence Sequence => new(Modulus, Operands, Notation.AsCoded);

    private int InputSize => Input switch
    {
        PerceptronInput.Concatenated => Operands * Width,
        PerceptronInput.OneHot => Operands * Modulus,
        _ => Width,
    };

    private ImmutableArray<Linear> Hidden => [.. Enumerable.Range(0, Layers).Select(layer => new Linear($"layer{layer}", layer == 0 ? InputSize : Width, Width))];

    private Linear Head => new("head", Width, Sequence.Vocabulary);

    private T Logits<T>(Parameters<T> weights, Batch batch, Func<T, int, T> dropout)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        T Active(T h, int layer) => dropout(Activations.Apply(Activation, Degree, h), layer);
        var x = Active(First(weights, batch), 0);
        foreach (var (layer, place) in Hidden.Skip(1).Select((layer, place) => (layer, place + 1)))
        {
            x = Active(layer.Apply(weights, x), place);
        }

        return Head.Apply(weights, x);
    }

    /// <summary>
    /// The first layer's W x + b, [B, d]: every operand has its own block of columns, so that the product is taken once for each residue, and samples choose among the results.
    /// </summary>
    private T First<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var layer = Hidden[0];
        return Input switch
        {
            PerceptronInput.LastToken => Sequence.EmbedOne(weights, batch, Sequence.Length - 1, x => layer.Apply(weights, x)),
            PerceptronInput.Summed => layer.Apply(weights, Sum(batch.Operands.Select(operand => Tensor.Gather(weights[Table], operand.Into(Sequence.Vocabulary))))),
            _ => Sum(batch.Operands.Select((operand, k) => Chosen(weights, operand, k))) + weights[$"{layer.Name}_bias"],
        };
    }

    private T Chosen<T>(Parameters<T> weights, Indices operand, int k)
        where T : ITensor<T>
    {
        var block = InputSize / Operands;
        var columns = Tensor.Transpose(Tensor.Slice(weights[$"{Hidden[0].Name}_weight"], 1, k * block, block));
        return Input == PerceptronInput.OneHot ? Tensor.Gather(columns, operand)
            : Tensor.Gather(Tensor.MatMul(weights[Table], columns), operand.Into(Sequence.Vocabulary));
    }

    private static T Sum<T>(IEnumerable<T> terms)
        where T : ITensor<T> => terms.Aggregate((sum, next) => sum + next);
}
