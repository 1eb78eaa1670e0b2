using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Properties.Networks;

// B batch, T tokens, d width, H heads

public class TransformerLaws
{
    private const int P = 7;

    public static TheoryData<Transformer> Transformers => [.. NetworkLaws.Transformers(2)];

    /// <summary>The count that the PKU project's program prints for p = 41.</summary>
    [Fact]
    public void It_has_the_sources_parameters() => Assert.Equal(408_448, new Transformer(41, 2, 2, 128).Parameters.Sum(parameter => parameter.Shape.Count));

    [Fact]
    public void The_program_writes_an_operator_after_the_last_of_three_operands()
    {
        Assert.Equal((4, 4), (new TokenSequence(P, 2, Notation.Infix).Length, new TokenSequence(P, 2, Notation.AsCoded).Length));
        Assert.Equal((6, 7), (new TokenSequence(P, 3, Notation.Infix).Length, new TokenSequence(P, 3, Notation.AsCoded).Length));
    }

    /// <summary>The embedding at each place is the sum of two rows, here looked up one by one.</summary>
    [Theory]
    [InlineData(Notation.Infix, 2, new[] { 3, 7, 5, 8 })]
    [InlineData(Notation.AsCoded, 2, new[] { 3, 8, 5, 7 })]
    [InlineData(Notation.Infix, 3, new[] { 3, 7, 5, 7, 1, 8 })]
    [InlineData(Notation.AsCoded, 3, new[] { 3, 8, 5, 8, 1, 8, 7 })]
    public void Tokens_stand_where_the_notation_puts_them(Notation notation, int operands, int[] tokens)
    {
        var sequence = new TokenSequence(P, operands, notation);
        var weights = NetworkLaws.Initial(new Transformer(P, operands, 1, 4) { Notation = notation }, 3);
        var batch = NetworkLaws.Sample([.. new[] { 3, 5, 1 }.Take(operands)]);
        var (table, positions) = (weights[TokenSequence.TokenTable], weights[TokenSequence.PositionTable]);
        var expected = Dense.Build(Shape.Of(1, tokens.Length, 4), at => table[tokens[at[1]], at[2]] + positions[at[1], at[2]]);
        NetworkLaws.AssertClose(expected, sequence.Embed(weights, batch));
        for (var place = 0; place < tokens.Length; place++)
        {
            NetworkLaws.AssertClose(Tensor.Reshape(Tensor.Slice(expected, 1, place, 1), Shape.Of(1, 4)), sequence.EmbedOne(weights, batch, place, x => x));
        }
    }

    /// <summary>A token sees itself and those before it: what stands later changes nothing, to the last bit.</summary>
    [Property(MaxTest = 30)]
    public void Attention_is_causal(int seed, byte where)
    {
        var block = new TransformerBlock(0, 2, 4, 16, (NormPlacement)((uint)seed % 4));
        var weights = NetworkLaws.Initial(new Transformer(P, 2, 1, 8) { Heads = 2, NormPlacement = block.Placement, FeedForwardFactor = 2 }, seed);
        var random = new Random(seed);
        const int tokens = 5;
        var changed = where % tokens;
        var x = Dense.Build(Shape.Of(2, tokens, 8), _ => random.NextDouble() - 0.5);
        var y = Dense.Build(x.Shape, at => at[1] == changed ? random.NextDouble() : x[at]);
        Dense After(Dense stream) => block.Apply(weights, [Stretch<Dense>.Of(stream, null)], (z, _) => z)[0].Rows;
        var (before, after) = (After(x), After(y));
        for (var token = 0; token < tokens; token++)
        {
            var (a, b) = (Tensor.Slice(before, 1, token, 1).Span.ToArray(), Tensor.Slice(after, 1, token, 1).Span.ToArray());
            if (token < changed)
            {
                Assert.Equal(a, b);
            }
            else
            {
                Assert.NotEqual(a, b);
            }
        }
    }

    /// <summary>Heads have no order: their rows of queries, keys and values, and their columns of what joins them, can be exchanged together.</summary>
    [Theory]
    [MemberData(nameof(Transformers))]
    public void Heads_can_be_exchanged(Transformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var exchanged = Enumerable.Range(0, network.Width).Select(i => (i + network.HeadWidth) % network.Width).ToImmutableArray();
        AssertSymmetry(network, name => name.Contains("attention_output_weight", StringComparison.Ordinal) ? (null, exchanged)
            : name.Contains("attention", StringComparison.Ordinal) && !name.Contains("output", StringComparison.Ordinal) ? (exchanged, null) : (null, null));
    }

    [Theory]
    [MemberData(nameof(Transformers))]
    public void Neurons_can_be_exchanged(Transformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var hidden = network.FeedForwardFactor * network.Width;
        var exchanged = Enumerable.Range(0, hidden).Select(i => (5 * i + 3) % hidden).ToImmutableArray();
        Assert.Equal(hidden, exchanged.Distinct().Count());
        AssertSymmetry(network, name => name.Contains("widen", StringComparison.Ordinal) ? (exchanged, null)
            : name.Contains("narrow_weight", StringComparison.Ordinal) ? (null, exchanged) : (null, null));
    }

    /// <summary>The scores of a query all shift by what the bias of the keys adds, and softmax forgets it.</summary>
    [Theory]
    [MemberData(nameof(Transformers))]
    public void The_bias_of_the_keys_changes_nothing(Transformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var weights = NetworkLaws.Initial(network, 3);
        var shifted = new Parameters<Dense>(weights.Names, [.. weights.Names.Zip(weights.Values, (name, value) => name.EndsWith("key_bias", StringComparison.Ordinal) ? Tensor.Shift(value, 0.7) : value)]);
        NetworkLaws.AssertClose(network.Logits(weights, NetworkLaws.Sample(3, 5)), network.Logits(shifted, NetworkLaws.Sample(3, 5)), 1e-10);
    }

    [Fact]
    public void Heads_must_share_the_width_evenly() =>
        Assert.Contains("3 heads", Assert.Throws<ArgumentException>(() => new Transformer(P, 2, 1, 16) { Heads = 3 }.Parameters).Message, StringComparison.Ordinal);

    private static void AssertSymmetry(Transformer network, Func<string, (ImmutableArray<int>? Rows, ImmutableArray<int>? Columns)> turn)
    {
        // Biases that start at zero hide a row that was not moved.
        var weights = NetworkLaws.Initial(network, 3).Map(weight => Dense.Build(weight.Shape, at => weight[at] + (0.1 * Math.Sin(1 + at.Sum(place => 3.7 * place)))));
        var turned = new Parameters<Dense>(weights.Names, [.. weights.Names.Zip(weights.Values, (name, value) =>
        {
            var (rows, columns) = turn(name);
            return Dense.Build(value.Shape, at => value[[.. at.Select((place, axis) => axis == 0 && rows is { } r ? r[place] : axis == 1 && columns is { } c ? c[place] : place)]]);
        })]);
        Assert.NotEqual(weights.Values.SelectMany(value => value.Span.ToArray()), turned.Values.SelectMany(value => value.Span.ToArray()));
        NetworkLaws.AssertClose(network.Logits(weights, NetworkLaws.Sample(3, 5)), network.Logits(turned, NetworkLaws.Sample(3, 5)), 1e-10);
    }
}
