using System.Collections.Immutable;
using System.Text.Json;
using Grokking.Host.Benchmarks;
using Grokking.Host.Checkpoints;
using Grokking.Networks;
using Grokking.Training;

namespace Grokking.Service.Benchmarks;

/// <summary>What is timed, and what other programs are given to do the same.</summary>
public class WorkloadTests
{
    [Theory]
    [InlineData("w1", 1357.6)]
    [InlineData("w1-evaluation", 1827.9)]
    [InlineData("w1b-evaluation", 1827.9)]
    [InlineData("transformer-p41-b64", 318.2)]
    [InlineData("transformer-p97-b512", 1926.2)]
    [InlineData("transformer-3-operands", 298.1)]
    [InlineData("lstm-1", 518.7)]
    [InlineData("lstm-2", 1438.4)]
    [InlineData("perceptron-1", 58.0)]
    public void A_step_is_charged_with_the_least_arithmetic_that_can_do_it(string name, double millions) =>
        Assert.Equal(millions, Workloads.Named.Single(workload => workload.Name == name).OperationsPerStep(train: 4610, test: 4799) / 1e6, 0.05);

    [Fact]
    public void A_transformer_is_charged_with_what_its_answer_needs()
    {
        const int width = 8, tokens = 6, vocabulary = 7, samples = 3;
        long products = 0;
        // A product of a row [inputs] with a matrix [outputs, inputs].
        void Product(int inputs, int outputs) => products += inputs * outputs;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int layer = 0; layer < 3; layer++)
            {
                for (int token = 0; token < tokens; token++)
                {
                    Product(width, 2 * width);
                    if (layer == 2 && token < tokens - 1)
                        continue;
                    Product(width, width);
                    for (int seen = 0; seen <= token; seen++)
                        Product(width, 2);
                    Product(width, width);
                    Product(width, 3 * width);
                    Product(3 * width, width);
                }
            }

            Product(width, vocabulary);
        }

        var network = new Transformer(Modulus: 5, Operands: 3, Layers: 3, Width: width) { Heads = 2, FeedForwardFactor = 3 };
        Assert.Equal(2 * products, Operations.OfLogits(network, samples));
        Assert.Equal(6 * products, Operations.OfStep(network, samples));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void In_a_large_batch_a_transformer_is_charged_once_for_each_first_operand(int layers, int operands)
    {
        const int width = 8, residues = 5, samples = 1000, hidden = 3 * width;
        int tokens = 2 * operands;
        long products = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            bool isLast = layer == layers - 1;
            for (int token = 0; token < tokens; token++)
            {
                bool isRead = !isLast || token == tokens - 1;
                long rows = token < 2 ? residues : samples;
                // The first block sees one token at a time: a residue, or a sign.
                long projected = layer > 0 ? rows : token % 2 == 0 ? residues : 1;
                products += projected * (isRead ? 3 : 2) * width * width;
                if (isRead)
                    products += rows * (((token + 1) * 2 * width) + (width * width) + (2 * width * hidden));
            }
        }

        products += samples * width * (residues + 2);
        Assert.Equal(2 * products, Operations.OfLogits(new Transformer(residues, operands, layers, width) { Heads = 2, FeedForwardFactor = 3 }, samples));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_recurrent_network_is_charged_once_for_each_token_of_the_vocabulary(int layers)
    {
        const int width = 8, tokens = 4, vocabulary = 7, samples = 5, gates = 4;
        long products = vocabulary * gates * width * width;
        for (int layer = 0; layer < layers; layer++)
        {
            for (int token = 0; token < tokens; token++)
            {
                int factors = (layer > 0 ? 1 : 0) + (token > 0 ? 1 : 0);
                products += samples * factors * gates * width * width;
            }
        }

        products += samples * width * vocabulary;
        Assert.Equal(2 * products, Operations.OfLogits(new LongShortTermMemory(Modulus: 5, Operands: 2, layers, width), samples));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    public void In_a_large_batch_a_recurrent_network_is_charged_once_for_each_first_operand(int layers, int operands)
    {
        const int width = 8, residues = 5, vocabulary = 7, samples = 1000, gates = 4;
        long products = vocabulary * gates * width * width;
        for (int layer = 0; layer < layers; layer++)
        {
            for (int token = 0; token < 2 * operands; token++)
            {
                int factors = (layer > 0 ? 1 : 0) + (token > 0 ? 1 : 0);
                products += (token < 2 ? residues : samples) * factors * gates * width * width;
            }
        }

        products += samples * width * vocabulary;
        Assert.Equal(2 * products, Operations.OfLogits(new LongShortTermMemory(residues, operands, layers, width), samples));
    }

    [Fact]
    public void A_perceptron_is_charged_once_for_each_residue_of_each_operand()
    {
        const int width = 8, samples = 5;
        long first = 2 * 5 * width * width, hidden = width * width, head = width * 7;

        Assert.Equal(2 * (first + (samples * (hidden + head))), Operations.OfLogits(new MultilayerPerceptron(Modulus: 5, Operands: 2, Layers: 2, width), samples));
        Assert.Throws<ArgumentException>(() =>
            Operations.OfLogits(new MultilayerPerceptron(Modulus: 5, Operands: 2, Layers: 2, width) { Input = PerceptronInput.OneHot }, samples));
    }

    [Fact]
    public void Workloads_have_names_of_their_own() => Assert.Distinct(Workloads.Named.Select(workload => workload.Name));

    [Fact]
    public void The_sizes_of_the_scaling_table_include_the_flagship()
    {
        (int Modulus, int Width)[] sizes = [.. Workloads.Scaling.Select(workload => (workload.Modulus, ((QuadraticNetwork)workload.Recipe.Network).Width))];

        Assert.Contains(Workloads.Scaling, workload => workload with { Name = "w1" } == Workloads.Flagship);
        Assert.Equal([47, 97, 149, 211], sizes.Where(size => size.Width == 500).Select(size => size.Modulus));
        Assert.Equal([128, 256, 500, 512, 1024, 2048], sizes.Where(size => size.Modulus == 97).Select(size => size.Width).Order());
    }

    [Fact]
    public void A_starting_point_holds_the_samples_and_the_first_weights()
    {
        Workload workload = Workloads.Quadratic[2].Resized(modulus: 11, width: 6);
        SafetensorsFile file = Written(workload);

        Assert.Equal(121, file["train_label"].ElementCount + file["test_label"].ElementCount);
        foreach (string side in new[] { "train", "test" })
        {
            Assert.Equal(
                file[$"{side}_label"].Values<int>(),
                file[$"{side}_x1"].Values<int>().Zip(file[$"{side}_x2"].Values<int>(), (x, y) => (x + y) % 11));
        }

        TrainState state = InitialState.Of(workload.Recipe, Precision.Single, Workload.Key);
        Assert.Equal(state.Weights["w1"].Values.ToArray().Select(value => (float)value), file["w1"].Values<float>());
        Assert.Equal(state.Weights["w2"].Values.ToArray().Select(value => (float)value), file["w2"].Values<float>());
        Assert.DoesNotContain(file.Tensors, tensor => tensor.Name == "batches");
        JsonElement optimiser = JsonDocument.Parse(file.Metadata["optimiser"]).RootElement;
        Assert.Equal(("adamW", 0.05, 1e-10), (optimiser.GetProperty("kind").GetString(), optimiser.GetProperty("learningRate").GetDouble(), optimiser.GetProperty("epsilon").GetDouble()));
    }

    [Fact]
    public void A_starting_point_holds_the_batches_of_the_first_steps()
    {
        Workload workload = Workloads.Named.Single(workload => workload.Name == "transformer-3-operands").Resized(modulus: 5, width: 8);
        SafetensorsFile file = Written(workload);
        int samples = (int)file["train_label"].ElementCount;
        int[] order = file["batches"].Values<int>();

        Assert.Equal(new long[] { WorkloadRun.FirstSteps, 32 }, file["batches"].Shape);
        // Each epoch sees every sample once.
        Assert.All(order.Chunk(samples).Where(epoch => epoch.Length == samples), epoch => Assert.Equal(Enumerable.Range(0, samples), epoch.Order()));
        Assert.Equal(("x1 + x2 + x3", "crossEntropy", "10"), (file.Metadata["operation"], file.Metadata["loss"], file.Metadata["warmup_steps"]));
        Assert.Equal("transformer", JsonDocument.Parse(file.Metadata["network"]).RootElement.GetProperty("kind").GetString());
    }

    /// <summary>What the first batches hold is what training sees: with the batches in another order the weights would be others.</summary>
    [Fact]
    public void The_batches_of_a_starting_point_are_those_of_the_run()
    {
        Workload workload = Workloads.Named.Single(workload => workload.Name == "perceptron-1").Resized(modulus: 7, width: 8);
        workload = workload with { Recipe = workload.Recipe with { BatchSize = 10 } };
        Samples train = Samples.TrainOf(workload.Split());
        TrainState start = InitialState.Of(workload.Recipe, Precision.Single, Workload.Key);
        ImmutableArray<int> chosen = [.. Written(workload)["batches"].Values<int>().Take(10)];
        var batch = new Samples(train.Modulus, [.. train.Operands.Select(operand => Picked(operand, chosen))], Picked(train.Labels, chosen));

        using var onBatches = new Trainer(workload.Recipe, train, train, Precision.Double, threads: 1);
        using var onOne = new Trainer(workload.Recipe with { BatchSize = null }, batch, train, Precision.Double, threads: 1);
        Assert.Equal(onOne.Run(start, 1).Weights["head_weight"].Values.ToArray(), onBatches.Run(start, 1).Weights["head_weight"].Values.ToArray());

        static ImmutableArray<int> Picked(ImmutableArray<int> values, ImmutableArray<int> chosen) => [.. chosen.Select(place => values[place])];
    }

    [Fact]
    public void Sides_that_are_too_long_to_compare_on_are_cut()
    {
        ImmutableArray<int> values = [.. Enumerable.Range(0, Workload.MostJudged + 1)];
        var side = new Samples(Modulus: 10007, [values, values], values);

        Assert.Equal(Workload.MostJudged, Workload.Judged(side).Count);
        Assert.All(Workload.Judged(side).Operands, operand => Assert.Equal(values.AsSpan(0, Workload.MostJudged), operand.AsSpan()));
        Samples cut = Workload.Judged(side);
        Assert.Same(cut, Workload.Judged(cut));
    }

    [Fact]
    public void A_spread_is_the_middle_and_the_ends()
    {
        Assert.Equal(new Spread(3, 1, 9, 3), Spread.Of([9, 1, 3]));
        Assert.Equal(new Spread(4, 1, 9, 4), Spread.Of([9, 3, 1, 5]));
        Assert.Equal(new Spread(6, 2, 18, 3), Spread.Of([9, 1, 3]).Times(2));
    }

    private static SafetensorsFile Written(Workload workload)
    {
        using var folder = new Folder();
        StartingPoint.Write(workload, folder.File("start.safetensors"));
        return SafetensorsFile.Read(folder.File("start.safetensors"));
    }
}
