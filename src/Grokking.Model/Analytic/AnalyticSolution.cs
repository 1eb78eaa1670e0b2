using System.Collections.Immutable;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Analytic;

/// <summary>Weights of the quadratic network that were calculated, not trained, and what is known about them beforehand.</summary>
/// <param name="Name">What they are, in snake_case.</param>
/// <param name="Source">Where the derivation is to be found.</param>
/// <param name="Network">The network that they are weights of; two operands.</param>
/// <param name="Weights"><c>w1</c> [N, 2p] = [U|V] and <c>w2</c> [p, N].</param>
/// <param name="Samples">Every pair of operands in the task's domain, with the right answer.</param>
/// <param name="Prediction">The network's outputs, derived without evaluating it.</param>
public sealed record AnalyticSolution(
    string Name,
    string Source,
    QuadraticNetwork Network,
    Parameters<Dense> Weights,
    Batch Samples,
    Prediction Prediction)
{
    /// <summary>The right answers of <see cref="Samples"/>, in their order.</summary>
    public ImmutableArray<int> Labels => Pairs.Known(Samples.Labels);
}

/// <summary>What is known about outputs before they are computed. A closed union.</summary>
public abstract record Prediction
{
    private Prediction(Func<int, int, int, double> output) => Output = output;

    /// <summary>The output for operands x, y at place q: (x, y, q) → f.</summary>
    public Func<int, int, int, double> Output { get; }

    /// <summary>The outputs are these, up to rounding.</summary>
    public sealed record Exact : Prediction
    {
        /// <summary>Exact outputs and what follows from them.</summary>
        public Exact(Func<int, int, int, double> output, double margin)
            : base(output) => Margin = margin;

        /// <summary>The smallest difference, over all samples, between the output at the right place and the best other one.</summary>
        public double Margin { get; }

        /// <summary>A prediction whose margin is read off its own outputs, sample by sample.</summary>
        internal static Exact Of(Func<int, int, int, double> output, Batch samples, int modulus)
        {
            var (xs, ys, labels) = (Pairs.Known(samples.Operands[0]), Pairs.Known(samples.Operands[1]), Pairs.Known(samples.Labels));
            var row = new double[modulus];
            var smallest = double.PositiveInfinity;
            for (var sample = 0; sample < labels.Length; sample++)
            {
                for (var q = 0; q < modulus; q++)
                {
                    row[q] = output(xs[sample], ys[sample], q);
                }

                smallest = Math.Min(smallest, Classification.Margin(labels[sample], row));
            }

            return new(output, smallest);
        }
    }

    /// <summary>The mean squared error that these outputs have against the one-hot answers of samples.</summary>
    internal double MeanSquaredError(Batch samples, int modulus)
    {
        var (xs, ys, labels) = (Pairs.Known(samples.Operands[0]), Pairs.Known(samples.Operands[1]), Pairs.Known(samples.Labels));
        var sum = 0.0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            for (var q = 0; q < modulus; q++)
            {
                var error = Output(xs[sample], ys[sample], q) - (q == labels[sample] ? 1 : 0);
                sum += error * error;
            }
        }

        return sum / ((double)labels.Length * modulus);
    }

    /// <summary>The outputs scatter around these with the draw of random phases.</summary>
    public sealed record Mean : Prediction
    {
        /// <summary>The mean of the outputs over the phases.</summary>
        public Mean(Func<int, int, int, double> output)
            : base(output)
        {
        }
    }
}
