using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Engine;

/// <summary>Computing only the positions that are read leaves every value, and saves what it should.</summary>
[Properties(Arbitrary = [typeof(Narrowings)])]
public class NarrowingLaws
{
    /// <summary>Sums of a few hundred terms of size one, taken in another order in float64.</summary>
    private const double Bound = 1e-12;

    /// <summary>A few hundred such operations after another, and their gradient.</summary>
    private const double DeepBound = 1e-10;

    public static TheoryData<string> Rules => [.. Narrowings.Rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_rule_leaves_the_value_and_saves_work(string rule)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var any = new AnyNarrowing(rule, seed);
            var before = Simple([any.Formula]);
            var after = Narrowing.Of(before);
            AssertSameValues(before, after, seed, Bound);
            Assert.True(WorkOf(after) < WorkOf(before), $"seed {seed}: {WorkOf(after)} of {WorkOf(before)}");
            Assert.Same(after, Narrowing.Of(after));
        }
    }

    [Property(MaxTest = 400)]
    public void Sequences_cut_and_joined_anywhere_keep_their_values_and_gradients(AnySequence any)
    {
        var before = Simple(any.Roots);
        var after = Narrowing.Of(before);
        AssertSameValues(before, after, any.Seed, DeepBound);
        Assert.Same(after, Narrowing.Of(after));
    }

    [Property(MaxTest = 20)]
    public void A_transformer_keeps_its_loss_logits_and_gradients(bool crossEntropy, SmallTransformerSize size)
    {
        var any = Learners.Make(Subject.Transformer, crossEntropy, size.Modulus, size.Operands, size.Width, size.Samples, size.Seed);
        var before = Step(any);
        var after = Narrowing.Of(before);
        foreach (var (a, b) in Interpreter.Evaluate(before.Roots, any.Given(x => x), any.Values).Zip(Interpreter.Evaluate(after.Roots, any.Given(x => x), any.Values)))
        {
            AssertClose(a, b, DeepBound);
        }

        Assert.True(Products(after) < Products(before));
        Assert.Same(after, Narrowing.Of(after));
    }

    // Forward and twice backward, for B sequences and all positions but one: in the last block d² for queries and for what joins the heads,
    // 2·4·d² for the feed-forward layers, and T·d for the scores and for what they weigh.
    [Theory]
    [InlineData(7, 1, 6, 33)]
    [InlineData(7, 3, 16, 290)]
    [InlineData(97, 3, 128, 64)]
    public void The_last_block_multiplies_for_the_last_position_only(int modulus, int operands, int width, int samples)
    {
        var before = Step(Learners.Make(Subject.Transformer, true, modulus, operands, width, samples, 1));
        var tokens = operands + 1;
        var saved = 3L * samples * (tokens - 1) * (((2 + (2 * SmallTransformer.Widening)) * width * width) + (2 * tokens * width));
        Assert.Equal(saved, Products(before) - Products(Narrowing.Of(before)));
    }

    [Theory]
    [InlineData(1)] // left as it is: the positions of a single sequence would be cut from the axis of samples
    [InlineData(2)]
    [InlineData(33)]
    public void What_can_be_worked_off_in_tiles_still_can(int samples)
    {
        var simple = Step(Learners.Make(Subject.Transformer, true, 7, 2, 6, samples, 1));
        Assert.NotNull(Extents.Of(Nodes(simple), samples));
        Assert.NotNull(Extents.Of(Nodes(Narrowing.Of(simple)), samples));
    }

    [Fact]
    public void One_block_of_attention_asks_with_the_last_query_only()
    {
        // Queries d², scores and what they weigh T·d each; its tokens, keys and values are read at every position.
        var before = Step(Learners.Make(Subject.Attention, false, 7, 3, 6, 33, 1));
        Assert.Equal(3L * 33 * 2 * ((6 * 6) + (2 * 3 * 6)), Products(before) - Products(Narrowing.Of(before)));
    }

    [Theory]
    [InlineData(Subject.Quadratic)]
    [InlineData(Subject.Perceptron)]
    [InlineData(Subject.Recurrent)] // the gates of a recurrent cell stay one product
    [InlineData(Subject.Normalised)]
    public void A_network_without_positions_is_left_alone(Subject subject)
    {
        var simple = Step(Learners.Make(subject, true, 7, 3, 16, 33, 1));
        Assert.Same(simple, Narrowing.Of(simple));
    }

    [Fact]
    public void The_last_row_of_a_causal_mask_disappears()
    {
        var mask = Tensor.Literal<Expression>(Dense.Build(Shape.Of(4, 4), at => at[1] <= at[0] ? 0 : -1e9));
        var scores = Expression.Variable("scores", Shape.Of(3, 4, 4));
        var after = Narrowing.Of(Simple([Tensor.Slice(scores + mask, 1, 3, 1)]));
        Assert.Equal(["scores", "Slice"], Nodes(after).Select(node => node.Primitive.Name));
        Assert.Contains(Nodes(Narrowing.Of(Simple([Tensor.Slice(scores + mask, 1, 2, 1)]))), node => node.Primitive is Literal { Known.Shape.Count: 4 });
    }

    [Fact]
    public void A_value_that_is_read_elsewhere_too_is_computed_once_as_a_whole()
    {
        var value = Tensor.Exp(Tensor.Tanh(Expression.Variable("x", Shape.Of(3, 4, 2))));
        foreach (var other in new[] { Tensor.Slice(value, 1, 2, 1), Tensor.Negate(value), value })
        {
            var simple = Simple([Tensor.Slice(value, 1, 3, 1), other]);
            Assert.Same(simple, Narrowing.Of(simple));
        }
    }

    [Fact]
    public void Parts_of_the_last_axis_stay_parts_of_one_product()
    {
        var (x, w) = (Expression.Variable("x", Shape.Of(5, 3)), Expression.Variable("w", Shape.Of(3, 8)));
        var simple = Simple([Tensor.Slice(Tensor.MatMul(x, w), 1, 2, 2), Tensor.MatMul(Tensor.Pad(x, 1, 2, 8), Tensor.Reshape(w, Shape.Of(8, 3)))]);
        Assert.Same(simple, Narrowing.Of(simple));
    }

    private static Computation Simple(ImmutableArray<Expression> roots) => Simplification.Simplify(new([.. roots.Select((root, i) => ($"{i}", root))], [], 0));

    private static Computation Step(AnyLearner any)
    {
        var (variables, loss, logits) = any.Trace();
        return Simplification.Simplify(new([("loss", loss), ("logits", logits), .. variables.Names.Select(name => $"gradient of {name}").Zip(Reverse.Gradient(loss, variables.Values))], [], any.Samples));
    }

    private static ImmutableArray<Expression> Nodes(Computation computation) => Expression.InOrder(computation.Roots.AsSpan());

    private static long WorkOf(Computation computation) => Work.Of(Nodes(computation));

    private static long Products(Computation computation) => Work.Of(Nodes(computation).Where(node => node.Primitive is MatMul));

    private static void AssertSameValues(Computation before, Computation after, int seed, double bound)
    {
        var random = new Random(seed);
        var values = Nodes(before).Where(node => node.Primitive is Variable).ToDictionary(node => node.Primitive.Name, node => Applications.Uniform(random, node.Shape, 0.5, 2));
        var none = ImmutableDictionary<string, ImmutableArray<int>>.Empty;
        foreach (var (a, b) in Interpreter.Evaluate(before.Roots, values, none).Zip(Interpreter.Evaluate(after.Roots, values, none)))
        {
            AssertClose(a, b, bound);
        }
    }

    private static void AssertClose(Dense expected, Dense actual, double bound)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var scale = 1 + expected.Span.ToArray().Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Shape.Count; i++)
        {
            Assert.True(Math.Abs(expected.Span[i] - actual.Span[i]) <= bound * scale, $"element {i} of {expected.Shape}: {actual.Span[i]:R} instead of {expected.Span[i]:R}");
        }
    }
}
