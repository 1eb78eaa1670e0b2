using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Measures;

// S samples, p modulus, q place of the output, P number of weights

/// <summary>
/// The neural tangent kernel of any network from its gradients, summed over the outputs: K(x, x') = Σ_q ∇f_q(x)·∇f_q(x'), <see cref="KernelForm.Sum"/>. For few
/// samples: S p gradients of P numbers, S of them at once in memory, about 3 s for S = 16 and a transformer of 400,000 weights at p = 41. In float64 on the engine.
/// </summary>
internal sealed class GradientKernel : IDisposable
{
    private const string Place = "output";

    private readonly Samples samples;
    private readonly int outputs;
    private readonly ImmutableArray<string> names;
    private readonly int size;
    private readonly Workers workers;
    private readonly Executable program;

    /// <summary>Compiles the gradient of one output at one sample.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">S samples; their labels do not matter.</param>
    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    internal GradientKernel(INetwork network, Samples samples, int threads)
    {
        this.samples = samples;
        names = [.. network.Parameters.Select(parameter => parameter.Name)];
        size = network.Parameters.Sum(parameter => parameter.Shape.Count);
        var weights = Tracing.Variables(network.Parameters);
        var logits = NetworkFormula.Logits(network, weights, 1, samples);
        var gradients = Reverse.Gradient(Tensor.Total(logits * Tensor.OneHot<Expression>(Indices.Input(Place, 1, logits.Shape[1]))), weights.Values);
        outputs = logits.Shape[1];
        workers = new(threads);
        program = Programs.Compile(new([.. names.Zip(gradients)], [], 1), Precision.Double, workers);
    }

    /// <summary>The kernel, [S, S].</summary>
    /// <param name="weights">Weights and statistics of the network.</param>
    internal Dense Of(Parameters<Dense> weights)
    {
        program.Give(weights);
        var s = samples.Count;
        var kernel = new double[s * s];
        double[][] gradients = [.. Enumerable.Range(0, s).Select(_ => new double[size])];
        for (var q = 0; q < outputs; q++)
        {
            program.Offer(Place, [q]);
            for (var i = 0; i < s; i++)
            {
                Read(i, gradients[i]);
                for (var j = 0; j <= i; j++)
                {
                    var product = System.Numerics.Tensors.TensorPrimitives.Dot<double>(gradients[i], gradients[j]);
                    kernel[(i * s) + j] += product;
                    kernel[(j * s) + i] += i == j ? 0 : product;
                }
            }
        }

        return Dense.Own(Shape.Of(s, s), kernel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        workers.Dispose();
    }

    private void Read(int sample, double[] gradient)
    {
        for (var k = 0; k < samples.Operands.Length; k++)
        {
            program.Offer($"x{k + 1}", [samples.Operands[k][sample]]);
        }

        program.Run();
        var place = 0;
        foreach (var name in names)
        {
            var part = program.Output(name).Span;
            part.CopyTo(gradient.AsSpan(place));
            place += part.Length;
        }
    }
}
