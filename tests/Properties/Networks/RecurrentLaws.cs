using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Properties.Networks;

public class RecurrentLaws
{
    private const int P = 7;

    private const int Width = 3;

    /// <summary>The cell as the equations say it, number by number, for two layers and three operands.</summary>
    [Theory]
    [InlineData(Notation.Infix, new[] { 3, 7, 5, 7, 1, 8 })]
    [InlineData(Notation.AsCoded, new[] { 3, 8, 5, 8, 1, 8, 7 })]
    public void It_is_the_equations_number_by_number(Notation notation, int[] tokens)
    {
        var network = new LongShortTermMemory(P, 3, 2, Width) { Notation = notation };
        var weights = NetworkLaws.Initial(network, 11);
        var (table, positions) = (weights[TokenSequence.TokenTable], weights[TokenSequence.PositionTable]);
        double[][] inputs = [.. tokens.Select((token, place) => Enumerable.Range(0, Width).Select(i => table[token, i] + positions[place, i]).ToArray())];
        for (var layer = 0; layer < 2; layer++)
        {
            inputs = States(weights, layer, inputs);
        }

        var head = weights["head_weight"];
        var expected = Dense.Build(Shape.Of(1, P + 2), at => Enumerable.Range(0, Width).Sum(i => head[at[1], i] * inputs[^1][i]));
        NetworkLaws.AssertClose(expected, network.Logits(weights, NetworkLaws.Sample(3, 5, 1)));
    }

    [Fact]
    public void It_has_two_biases_as_the_frameworks_have()
    {
        var network = new LongShortTermMemory(97, 2, 2, 128);
        Assert.Equal((99 * 128) + (5 * 128) + (2 * 4 * 128 * (128 + 128 + 2)) + (128 * 99), network.Parameters.Sum(parameter => parameter.Shape.Count));
    }

    private static double[][] States(Parameters<Dense> weights, int layer, double[][] inputs)
    {
        double[] state = new double[Width], memory = new double[Width];
        var states = new double[inputs.Length][];
        for (var t = 0; t < inputs.Length; t++)
        {
            double Gate(int gate, int i)
            {
                var name = $"layer{layer}_{new[] { "input_gate", "forget_gate", "candidate", "output_gate" }[gate]}_from";
                var sum = weights[$"{name}_input_bias"][i] + weights[$"{name}_state_bias"][i];
                for (var j = 0; j < Width; j++)
                {
                    sum += (weights[$"{name}_input_weight"][i, j] * inputs[t][j]) + (weights[$"{name}_state_weight"][i, j] * state[j]);
                }

                return sum;
            }

            static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
            memory = [.. Enumerable.Range(0, Width).Select(i => (Sigmoid(Gate(1, i)) * memory[i]) + (Sigmoid(Gate(0, i)) * Math.Tanh(Gate(2, i))))];
            state = states[t] = [.. Enumerable.Range(0, Width).Select(i => Sigmoid(Gate(3, i)) * Math.Tanh(memory[i]))];
        }

        return states;
    }
}
