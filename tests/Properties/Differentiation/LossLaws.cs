using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;

namespace Grokking.Properties.Differentiation;

/// <summary>The law of second derivatives for the losses of whole networks; for the first see <see cref="Readings.ReadingLaws{T}"/>.</summary>
[Properties(Arbitrary = [typeof(Learners)])]
public class LossLaws
{
    [Property(MaxTest = 20)]
    public void Hessians_are_symmetric(AnyLearner any, int seed)
    {
        var (first, second) = (Direction(any, seed), Direction(any, seed + 1));
        var (variables, loss, _) = any.Trace();
        var gradients = Reverse.Gradient(loss, variables.Values);

        double Curvature(Parameters<Dense> along, Parameters<Dense> onto)
        {
            var duals = any.Weights.Names.ToDictionary(name => name, name => new Dual<Dense>(any.Weights[name], along[name]));
            return Interpreter.Evaluate(gradients, duals, any.Values).Zip(onto.Values).Sum(pair => PrimitiveLaws.Dot(pair.First.Tangent, pair.Second));
        }

        var (there, back) = (Curvature(first, second), Curvature(second, first));
        PrimitiveLaws.AssertClose(there, back, 1e-8 * (1 + Math.Abs(there)));
    }

    private static Parameters<Dense> Direction(AnyLearner any, int seed)
    {
        var random = new Random(seed);
        return any.Weights.Map(weight => Applications.Uniform(random, weight.Shape, -1, 1));
    }
}
