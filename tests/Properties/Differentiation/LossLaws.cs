using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;

namespace Grokking.Properties.Differentiation;

/// <summary>The laws of derivatives for the losses of whole networks.</summary>
[Properties(Arbitrary = [typeof(Learners)])]
public class LossLaws
{
    /// <summary>Some thousand float64 roundings of numbers of size one.</summary>
    private const double Rounding = 1e-10;

    private const double Step = 1e-6;

    /// <summary>Truncation h² times a third derivative below 1e4, and 1e-16/h from rounding.</summary>
    private const double DifferenceError = 1e-6;

    [Property(MaxTest = 60)]
    public void Forward_and_reverse_mode_agree_on_whole_losses(AnyLearner any, int seed)
    {
        var direction = Direction(any, seed);
        var (variables, loss, _) = any.Trace();
        var gradients = Interpreter.Evaluate(Reverse.Gradient(loss, variables.Values), any.Given(x => x), any.Values);
        var reverse = gradients.Zip(direction.Values).Sum(pair => PrimitiveLaws.Dot(pair.First, pair.Second));

        var duals = any.Weights.Names.ToDictionary(name => name, name => new Dual<Dense>(any.Weights[name], direction[name]));
        var forward = Interpreter.Evaluate(loss, duals, any.Values).Tangent.Scalar;

        PrimitiveLaws.AssertClose(forward, reverse, Rounding * (1 + Math.Abs(forward)));
    }

    [Property(MaxTest = 40)]
    public void Gradients_equal_finite_differences(AnyLearner any, int seed)
    {
        var direction = Direction(any, seed);
        var (variables, loss, _) = any.Trace();
        var gradients = Interpreter.Evaluate(Reverse.Gradient(loss, variables.Values), any.Given(x => x), any.Values);
        var slope = gradients.Zip(direction.Values).Sum(pair => PrimitiveLaws.Dot(pair.First, pair.Second));

        double At(double step) => Interpreter.Evaluate(
            loss, any.Weights.Names.ToDictionary(name => name, name => any.Weights[name] + Tensor.Scale(direction[name], step)), any.Values).Scalar;

        // A kink of the rectifier within the step shows as two different one-sided slopes; it is measure zero but not impossible.
        var (right, left) = ((At(Step) - At(0)) / Step, (At(0) - At(-Step)) / Step);
        if (Math.Abs(right - left) < 1e-3 * (1 + Math.Abs(slope)))
        {
            PrimitiveLaws.AssertClose((right + left) / 2, slope, DifferenceError * (1 + Math.Abs(slope)) * 10);
        }
    }

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
