using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Properties.Engine;

// p modulus, B batch, d width, T tokens, H heads

/// <summary>A multilayer perceptron on embedded operands: every activation and a layer norm, so that its loss touches them all.</summary>
public sealed record SmallPerceptron(int Modulus, int Operands, int Width) : INetwork
{
    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        new("embedding", Shape.Of(Modulus, Width), 0.7),
        new("in", Shape.Of(Width, 2 * Width), 0.4),
        new("bias", Shape.Of(2 * Width), 0.1),
        new("scale", Shape.Of(2 * Width), 1),
        new("shift", Shape.Of(2 * Width), 0.1),
        new("out", Shape.Of(2 * Width, Modulus), 0.4),
    ];

    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var x = batch.Operands.Select(operand => Tensor.Gather(weights["embedding"], operand)).Aggregate((a, b) => a + b);
        var hidden = Functions.Gelu(Tensor.MatMul(x, weights["in"]) + weights["bias"]);
        var normed = Functions.LayerNorm(hidden, weights["scale"], weights["shift"], 1e-5);
        return Tensor.MatMul(Functions.Relu(normed) + Functions.Sigmoid(normed), weights["out"]);
    }
}

/// <summary>A long short-term memory cell: operands one after the other, read out at the end.</summary>
public sealed record SmallRecurrent(int Modulus, int Operands, int Width) : INetwork
{
    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        new("embedding", Shape.Of(Modulus, Width), 0.7),
        new("input", Shape.Of(Width, 4 * Width), 0.4),
        new("recurrent", Shape.Of(Width, 4 * Width), 0.4),
        new("bias", Shape.Of(4 * Width), 0.1),
        new("out", Shape.Of(Width, Modulus), 0.4),
    ];

    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var hidden = Tensor.Fill<T>(Shape.Of(batch.Size, Width), 0);
        var cell = hidden;
        foreach (var operand in batch.Operands)
        {
            var gates = Tensor.MatMul(Tensor.Gather(weights["embedding"], operand), weights["input"]) + Tensor.MatMul(hidden, weights["recurrent"]) + weights["bias"];
            T Gate(int number) => Tensor.Slice(gates, 1, number * Width, Width);
            cell = (Functions.Sigmoid(Gate(0)) * cell) + (Functions.Sigmoid(Gate(1)) * Tensor.Tanh(Gate(2)));
            hidden = Functions.Sigmoid(Gate(3)) * Tensor.Tanh(cell);
        }

        return Tensor.MatMul(hidden, weights["out"]);
    }
}

/// <summary>One block of causal self-attention with two heads over the operands as tokens, read out at the last position.</summary>
public sealed record SmallAttention(int Modulus, int Operands, int Width) : INetwork
{
    private const int Heads = 2;

    public ImmutableArray<ParameterSpecification> Parameters =>
    [
        new("embedding", Shape.Of(Modulus, Width), 0.7),
        new("position", Shape.Of(Operands, Width), 0.3),
        new("queries", Shape.Of(Width, Width), 0.4),
        new("keys", Shape.Of(Width, Width), 0.4),
        new("values", Shape.Of(Width, Width), 0.4),
        new("out", Shape.Of(Width, Modulus), 0.4),
    ];

    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var tokens = batch.Operands
            .Select((operand, t) => Tensor.Pad(Tensor.Reshape(Tensor.Gather(weights["embedding"], operand), Shape.Of(batch.Size, 1, Width)), 1, t, Operands))
            .Aggregate((a, b) => a + b) + weights["position"];
        var mask = Tensor.Literal<T>(Dense.Build(Shape.Of(Operands, Operands), at => at[1] <= at[0] ? 0 : -1e9));
        T Split(T x) => Tensor.Transpose(Tensor.Reshape(x, Shape.Of(batch.Size, Operands, Heads, Width / Heads)), Axes.Of(0, 2, 1, 3));
        var seen = Functions.Attention(Split(Tensor.MatMul(tokens, weights["queries"])), Split(Tensor.MatMul(tokens, weights["keys"])), Split(Tensor.MatMul(tokens, weights["values"])), mask);
        var joined = Tensor.Reshape(Tensor.Transpose(seen, Axes.Of(0, 2, 1, 3)), Shape.Of(batch.Size, Operands, Width));
        var last = Tensor.Reshape(Tensor.Slice(tokens + joined, 1, Operands - 1, 1), Shape.Of(batch.Size, Width));
        return Tensor.MatMul(last, weights["out"]);
    }
}

/// <summary>The quadratic network with pre-activations normalised over the batch: rows that need a sum over all rows first.</summary>
public sealed record SmallNormalised(int Modulus, int Operands, int Width) : INetwork
{
    public ImmutableArray<ParameterSpecification> Parameters => new QuadraticNetwork(Modulus, Operands, Width).Parameters;

    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var hidden = new QuadraticNetwork(Modulus, Operands, Width).PreActivations(weights, batch);
        T Mean(T x) => Tensor.Scale(Tensor.Sum(x, Axes.Of(0)), 1.0 / batch.Size);
        var centred = hidden - Mean(hidden);
        var normed = centred / Tensor.Sqrt(Tensor.Shift(Mean(centred * centred), 0.1));
        return Tensor.MatMul(normed * normed, Tensor.Transpose(weights["w2"]));
    }
}

/// <summary>A network as it is in training: normalised by the batch, or with dropout of a known key.</summary>
public sealed record InTraining(INetwork Network) : INetwork
{
    public int Width => Network.Width;

    public ImmutableArray<ParameterSpecification> Parameters => Network.Parameters;

    public T Logits<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T> => Network.TrainingLogits(weights, batch, Draws.Of(RandomKey.FromSeed(3)));
}
