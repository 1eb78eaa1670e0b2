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

    /// <summary>What the cell is before the first token: state and memory 0.</summary>
    /// <param name="rows">R.</param>
    internal CellState<T> Start<T>(int rows)
        where T : ITensor<T> => new(Tensor.Fill<T>(Shape.Of(rows, Width), 0), Tensor.Fill<T>(Shape.Of(rows, Width), 0));

    /// <summary>What it is after each of some tokens, which are given by what they add to the gates, [R, d] each.</summary>
    internal ImmutableArray<CellState<T>> Walk<T>(Parameters<T> weights, CellState<T> from, IEnumerable<ImmutableArray<T>> inputs)
        where T : ITensor<T>
    {
        var cells = ImmutableArray.CreateBuilder<CellState<T>>();
        foreach (var input in inputs)
        {
            T Gate(int gate) => input[gate] + FromState(Gates[gate]).Apply(weights, from.State);
            var memory = (Functions.Sigmoid(Gate(1)) * from.Memory) + (Functions.Sigmoid(Gate(0)) * Tensor.Tanh(Gate(2)));
            from = new(Functions.Sigmoid(Gate(3)) * Tensor.Tanh(memory), memory);
            cells.Add(from);
        }

        return cells.ToImmutable();
    }

    private Linear FromInput(string gate) => new($"layer{Layer}_{gate}_from_input", Width, Width);

    private Linear FromState(string gate) => new($"layer{Layer}_{gate}_from_state", Width, Width);
}

/// <summary>What a recurrent cell holds between tokens, [R, d] each.</summary>
/// <typeparam name="T">The reading of the algebra.</typeparam>
/// <param name="State">h, what it shows.</param>
/// <param name="Memory">m, what it keeps to itself.</param>
internal sealed record CellState<T>(T State, T Memory)
    where T : ITensor<T>;
