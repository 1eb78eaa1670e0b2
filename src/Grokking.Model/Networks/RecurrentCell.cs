using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>One layer of <see cref="LongShortTermMemory"/>, with as many inputs as states.</summary>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Width">d.</param>
internal sealed record RecurrentCell(int Layer, int Width)
{
    internal IEnumerable<ParameterSpecification> Parameters => [.. Input.Parameters, .. State.Parameters];

    private Linear Input => Part("input");

    private Linear State => Part("state");

    /// <summary>What an input [B, d] adds to the gates, W x + b, [B, 4d].</summary>
    internal T Gates<T>(Parameters<T> weights, T x)
        where T : ITensor<T> => Input.Apply(weights, x);

    /// <summary>The states [B, d] after each of the inputs, which are given by what they add to the gates.</summary>
    internal ImmutableArray<T> States<T>(Parameters<T> weights, ImmutableArray<T> inputs)
        where T : ITensor<T>
    {
        var states = ImmutableArray.CreateBuilder<T>(inputs.Length);
        var memory = Tensor.Fill<T>(inputs[0].Shape.With(1, Width), 0);
        foreach (var input in inputs)
        {
            var state = states.Count > 0 ? states[^1] : Tensor.Fill<T>(memory.Shape, 0);
            var gates = input + State.Apply(weights, state);
            T Gate(int gate) => Tensor.Slice(gates, 1, gate * Width, Width);
            memory = (Functions.Sigmoid(Gate(1)) * memory) + (Functions.Sigmoid(Gate(0)) * Tensor.Tanh(Gate(2)));
            states.Add(Functions.Sigmoid(Gate(3)) * Tensor.Tanh(memory));
        }

        return states.ToImmutable();
    }

    private Linear Part(string name) => new($"layer{Layer}_{name}", Width, 4 * Width);
}
