using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Measures;

// B samples, V classes

/// <summary>A network compiled to give its logits on fixed samples, and a loss compiled to judge logits there. In float64 on the engine.</summary>
internal sealed class LogitTable : IDisposable
{
    private readonly Workers workers;
    private readonly Executable program;

    /// <summary>Compiles the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">B samples; their labels do not matter.</param>
    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    internal LogitTable(INetwork network, Samples samples, int threads)
    {
        var logits = NetworkFormula.Logits(network, Tracing.Variables(network.Parameters), samples.Count, samples);
        Classes = logits.Shape[1];
        workers = new(threads);
        program = Programs.Compile(new([("logits", logits)], [], samples.Count), Precision.Double, workers);
        for (var k = 0; k < samples.Operands.Length; k++)
        {
            program.Offer($"x{k + 1}", samples.Operands[k].AsSpan());
        }
    }

    /// <summary>V.</summary>
    internal int Classes { get; }

    /// <summary>The logits, [B, V].</summary>
    /// <param name="weights">Weights and statistics of the network.</param>
    internal Dense Of(Parameters<Dense> weights)
    {
        program.Give(weights);
        program.Run();
        return program.Output("logits");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        workers.Dispose();
    }
}

/// <summary>A loss compiled to judge logits at some rows of a table, against the labels there.</summary>
internal sealed class TableLoss : IDisposable
{
    private readonly ImmutableArray<int> rows;
    private readonly Workers workers = new(1);
    private readonly Executable program;

    /// <summary>Compiles the loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="classes">V.</param>
    /// <param name="labels">The label of every row of the table.</param>
    /// <param name="rows">The rows that are judged, at least one.</param>
    internal TableLoss(Loss loss, int classes, ImmutableArray<int> labels, ImmutableArray<int> rows)
    {
        this.rows = rows;
        var known = Indices.Of([.. rows.Select(row => labels[row])], classes);
        program = Programs.Compile(
            new([("loss", loss.Of(Expression.Variable("logits", Shape.Of(rows.Length, classes)), known))], [], 0), Precision.Double, workers);
    }

    /// <summary>The mean loss of the rows of a table of logits.</summary>
    internal double Of(Dense logits)
    {
        var v = logits.Shape[1];
        var chosen = new double[rows.Length * v];
        for (var i = 0; i < rows.Length; i++)
        {
            logits.Span.Slice(rows[i] * v, v).CopyTo(chosen.AsSpan(i * v));
        }

        program.SetVariable("logits", Dense.Own(Shape.Of(rows.Length, v), chosen));
        program.Run();
        return program.Number("loss");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        workers.Dispose();
    }
}
