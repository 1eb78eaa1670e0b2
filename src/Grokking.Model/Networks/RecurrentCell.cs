using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>One layer of <see cref="LongShortTermMemory"/>, with as many inputs as states.</summary>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Width">d.</param>
internal sealed record RecurrentCell(int Layer, int Width)
{
    internal IEnumerable<ParameterSpecification> Parameters => [.. Gates.SelectMany(gate => FromInput(gate).Parameters.Concat(FromState(gate).Parameters))];

    /// <summary>The four parts of a cell: i, f, g, o of the equations.</summary>
    private static ImmutableArray<string> Gates { get; } = ["input_gate", "forget_gate", "candidate", "output_gate"];

    /// <summary>What an input [B, d] adds to each gate, W x + b, [B, d].</summary>
    internal ImmutableArray<Func<T, T>> OfInput<T>(Parameters<T> weights)
        where T : ITensor<T> => [.. Gates.Select(gate => (Func<T, T>)(x => FromInput(gate).Apply(weights, x)))];

    /// <summary>The states [B, d] after each of the inputs, which are given by what they add to the gates.</summary>
    internal ImmutableArray<T> States<T>(Parameters<T> weights, ImmutableArray<ImmutableArray<T>> inputs)
        where T : ITensor<T>
    {
        var states = ImmutableArray.CreateBuilder<T>(inputs.Length);
        var memory = Tensor.Fill<T>(inputs[0][0].Shape, 0);
        foreach (var input in inputs)
        {
            var state = states.Count > 0 ? states[^1] : Tensor.Fill<T>(memory.Shape, 0);
            T Gate(int gate) => input[gate] + FromState(Gates[gate]).Apply(weights, state);
            memory = (Functions.Sigmoid(Gate(1)) * memory) + (Functions.Sigmoid(Gate(0)) * Tensor.Tanh(Gate(2)));
            states.Add(Functions.Sigmoid(Gate(3)) * Tensor.Tanh(memory));
        }

        return states.ToImmutable();
    }

    private Linear FromInput(string gate) => new($"layer{Layer}_{gate}_from_input", Width, Width);

    private Linear FromState(string gate) => new($"layer{Layer}_{gate}_from_state", Width, Width);
}
