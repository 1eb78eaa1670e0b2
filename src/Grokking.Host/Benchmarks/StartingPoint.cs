using System.Globalization;
using Grokking.Arithmetic;
using Grokking.Host.Checkpoints;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>The samples, first weights and settings of a workload as a safetensors file, so that other programs can do the very same work.</summary>
/// <remarks>
/// Tensors: the weights by their names (float32), and for each side of the split <c>train_x1</c>, <c>train_x2</c>, <c>train_label</c>, <c>test_x1</c>, …
/// (int32). Metadata: the modulus, the width and the optimiser's numbers as decimal texts.
/// </remarks>
internal static class StartingPoint
{
    /// <summary>Writes the file.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="path">Its place; an older file is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Workload workload, string path) => Of(workload).Write(path);

    /// <summary>What the file holds.</summary>
    /// <param name="workload">The workload.</param>
    public static SafetensorsFile Of(Workload workload)
    {
        DataSplit split = workload.Split();
        (Samples train, Samples test) = (Samples.TrainOf(split), Samples.TestOf(split));
        using var trainer = new Trainer(workload.Recipe, train, test, Precision.Single, threads: 1);
        TrainState state = trainer.Start(Workload.Key);
        IEnumerable<StoredTensor> weights = state.Weights.Names.Zip(state.Weights.Values, (name, weight) => StoredTensor.Of<float>(
            name,
            weight.Shape.Lengths.Select(length => (long)length),
            Array.ConvertAll(weight.Values.ToArray(), value => (float)value)));
        return SafetensorsFile.Of([.. weights, .. Stored("train", train), .. Stored("test", test)], Settings(workload));
    }

    private static IEnumerable<StoredTensor> Stored(string side, Samples samples) =>
    [
        .. samples.Operands.Select((operand, place) => StoredTensor.Of($"{side}_x{place + 1}", [samples.Count], operand.AsSpan())),
        StoredTensor.Of($"{side}_label", [samples.Count], samples.Labels.AsSpan()),
    ];

    private static Dictionary<string, string> Settings(Workload workload)
    {
        var settings = new Dictionary<string, string>
        {
            ["workload"] = workload.Name,
            ["modulus"] = workload.Modulus.ToString(CultureInfo.InvariantCulture),
            ["width"] = workload.Width.ToString(CultureInfo.InvariantCulture),
            ["optimiser"] = workload.Optimiser is AdamW ? "adamW" : "gradientDescent",
            ["learning_rate"] = Text(workload.Optimiser.LearningRate),
            ["weight_decay"] = Text(workload.Optimiser.WeightDecay),
        };
        if (workload.Optimiser is AdamW adam)
        {
            settings["beta1"] = Text(adam.Beta1);
            settings["beta2"] = Text(adam.Beta2);
            settings["epsilon"] = Text(adam.Epsilon);
        }

        return settings;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
