using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Properties.Training;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Properties.Engine;

/// <summary>Simplification makes less of a computation, never anything else.</summary>
[Properties(Arbitrary = [typeof(Learners), typeof(Formulas)])]
public class SimplificationLaws
{
    [Property(MaxTest = 30)]
    public void Simplification_leaves_every_value(AnyLearner any)
    {
        var computation = EngineLaws.Computation(any, any.Samples);
        var simple = Simplification.Simplify(computation);
        var before = Interpreter.Evaluate(computation.Roots, any.Given(x => x), any.Values);
        var after = Interpreter.Evaluate(simple.Roots, any.Given(x => x), any.Values);
        foreach (var (a, b) in before.Zip(after))
        {
            EngineLaws.AssertClose(a, b, EngineLaws.NetworkDoubleBound);
        }

        Assert.True(Expression.InOrder(simple.Roots.AsSpan()).Length < Expression.InOrder(computation.Roots.AsSpan()).Length);
    }

    [Fact]
    public void What_is_written_down_twice_is_computed_once()
    {
        // The step asks for the logits twice, for its loss and for how many answers are right; the attention's mask is written down anew each time.
        var recipe = GoldenRun.Paths[0].Recipe with { Network = new Transformer(7, 2, 2, 16), Loss = new Loss.CrossEntropy() };
        var step = Simplification.Simplify(Tracing.Step(recipe, 2, 7, 20));
        ImmutableArray<Expression> once = [.. step.Outputs.Where(output => output.Name != "correct").Select(output => output.Value), .. step.Updates.Select(update => update.Value)];
        var products = new HashSet<Expression>(Expression.InOrder(once.AsSpan()), ReferenceEqualityComparer.Instance);
        Assert.DoesNotContain(Expression.InOrder([step.Outputs.Single(output => output.Name == "correct").Value]), node => node.Primitive is MatMul && !products.Contains(node));
    }

    [Property(MaxTest = 2000)]
    public void Every_rewrite_leaves_the_value(AnyFormula any)
    {
        var none = new Dictionary<string, ImmutableArray<int>>();
        var before = Interpreter.Evaluate(any.Roots, any.Values, none);
        var after = Interpreter.Evaluate(Simplification.Simplify(new([.. any.Roots.Select((root, i) => ($"{i}", root))], [], 0)).Roots, any.Values, none);
        foreach (var (a, b) in before.Zip(after))
        {
            EngineLaws.AssertClose(a, b, EngineLaws.DoubleBound);
        }
    }
}
