using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Grokking.Training;

namespace Grokking.Measures;

// n samples, B = places of all ways together, p modulus, K operands, λ place on a way

/// <summary>
/// A network on straight ways between samples: whatever looks at the operands themselves (a row of a table of embeddings, a column of the first layer, a
/// one-hot vector) is moved from what it is for one sample to what it is for the other, and the rest of the network follows. No network needs to know of it:
/// its formula is cut where the operands enter.
/// </summary>
/// <remarks>
/// What an affine first layer makes of its input moves on a straight line if the input does, so that the way is the same from the embedding and from the first
/// layer before its activation. In float64 on the engine; B is 21 n(n − 1)/2.
/// </remarks>
internal sealed class EmbeddedWays : IDisposable
{
    private const string From = "from/";
    private const string To = "to/";
    private const string Place = "place";
    private const string Output = "logits";

    private readonly Workers workers;
    private readonly Executable program;
    private readonly int samples;
    private readonly int classes;

    /// <summary>Compiles the ways between samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">n samples, at least 2.</param>
    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    internal EmbeddedWays(INetwork network, Samples samples, int threads)
    {
        this.samples = samples.Count;
        ImmutableArray<(int First, int Last)> pairs = [.. from i in Enumerable.Range(0, samples.Count) from j in Enumerable.Range(i + 1, samples.Count - i - 1) select (i, j)];
        var b = pairs.Length * LinearMappingNumber.Places;
        var logits = NetworkFormula.Logits(network, Tracing.Variables(network.Parameters), b, samples, looksUpFirst: true);
        classes = logits.Shape[1];
        workers = new(threads);
        program = Programs.Compile(new([(Output, Moved(logits, b))], [], b), Precision.Double, workers);
        for (var k = 0; k < samples.Operands.Length; k++)
        {
            var operand = samples.Operands[k];
            program.Offer($"{From}x{k + 1}", Spread(pair => operand[pair.First]));
            program.Offer($"{To}x{k + 1}", Spread(pair => operand[pair.Last]));
        }

        program.Offer(Place, [.. Enumerable.Range(0, b).Select(i => i % LinearMappingNumber.Places)]);
        int[] Spread(Func<(int First, int Last), int> value) => [.. pairs.SelectMany(pair => Enumerable.Repeat(value(pair), LinearMappingNumber.Places))];
    }

    /// <summary>Which samples are connected by straight lines in the outputs, [n, n]; see <see cref="LinearMappingNumber"/>.</summary>
    /// <param name="weights">Weights and statistics of the network.</param>
    internal Dense Connectivity(Parameters<Dense> weights)
    {
        program.Give(weights);
        program.Run();
        var logits = program.Output(Output);
        var (way, pair) = (LinearMappingNumber.Places * classes, 0);
        return LinearMappingNumber.Connectivity(
            samples, (_, _) => Dense.Of(Shape.Of(LinearMappingNumber.Places, classes), logits.Span.Slice(way * pair++, way).ToArray()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        workers.Dispose();
    }

    /// <summary>The formula with every node that looks at the operands replaced by its place on the way.</summary>
    private static Expression Moved(Expression logits, int b)
    {
        var moved = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        var lambda = Tensor.Scale(Tensor.Numbers<Expression>(Indices.Input(Place, b, LinearMappingNumber.Places)), 1.0 / (LinearMappingNumber.Places - 1));
        foreach (var node in Expression.InOrder(logits))
        {
            ImmutableArray<Expression> inputs = [.. node.Inputs.Select(input => moved[input])];
            moved[node] = Renamed(node.Primitive, From) is { } from && Renamed(node.Primitive, To) is { } to
                ? Between(Expression.Apply(from, inputs), Expression.Apply(to, inputs))
                : node.Primitive is Variable ? node : Expression.Apply(node.Primitive, inputs);
        }

        return moved[logits];
        Expression Between(Expression start, Expression end) =>
            start + (Tensor.Reshape(lambda, Shape.Of([b, .. Enumerable.Repeat(1, start.Shape.Rank - 1)])) * (end - start));
    }

    /// <summary>The primitive with its operand read from another place; null where it reads none.</summary>
    private static Primitive? Renamed(Primitive primitive, string prefix) => primitive switch
    {
        Gather { Rows: Indices.Named rows } => new Gather(Prefixed(rows, prefix)),
        OneHot { Rows: Indices.Named rows } => new OneHot(Prefixed(rows, prefix)),
        Numbers { Rows: Indices.Named rows } => new Numbers(Prefixed(rows, prefix)),
        _ => null,
    };

    private static Indices Prefixed(Indices.Named rows, string prefix) => Indices.Input(prefix + rows.Name, rows.Count, rows.Bound);
}
