using System.Globalization;
using Grokking.Arithmetic;
using Grokking.Host.Checkpoints;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>The samples, first weights and settings of a workload as a safetensors file, so that other programs can do the very same work.</summary>
/// <remarks>
/// Tensors: the weights by their names (float32), and for each side of the split <c>train_x1</c>, <c>train_x2</c>, <c>train_label</c>, <c>test_x1</c>, …
/// (int32), of the test side as many as implementations are compared on. Where training takes batches, <c>batches</c> [steps, B] (int32): the places
/// of the training samples that each of the first steps sees. Metadata: the task, and network, optimiser and schedule as an experiment has them, as JSON.
/// </remarks>
internal static class StartingPoint
{
    /// <summary>Writes the file.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="path">Its place; an older file is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Workload workload, string path) => Files.Disk.Real.Publish(path, output => output.Write(Of(workload).ToBytes()));

    /// <summary>What the file holds.</summary>
    /// <param name="workload">The workload.</param>
    public static SafetensorsFile Of(Workload workload)
    {
        DataSplit split = workload.Split();
        (Samples train, Samples test) = (Samples.TrainOf(split), Workload.Judged(Samples.TestOf(split)));
        TrainState state = InitialState.Of(workload.Recipe, Precision.Single, Workload.Key);
        IEnumerable<StoredTensor> weights = state.Weights.Names.Zip(state.Weights.Values, (name, weight) => StoredTensor.Of<float>(
            name,
            weight.Shape.Lengths.Select(length => (long)length),
            Array.ConvertAll(weight.Values.ToArray(), value => (float)value)));
        return SafetensorsFile.Of([.. weights, .. Stored("train", train), .. Stored("test", test), .. Batches(workload.Recipe, train.Count)], Settings(workload));
    }

    private static IEnumerable<StoredTensor> Batches(Recipe recipe, int samples) => recipe.BatchSize is { } size
        ? [StoredTensor.Of<int>("batches", [WorkloadRun.FirstSteps, size], [.. Enumerable.Range(0, WorkloadRun.FirstSteps).SelectMany(step => recipe.BatchAt(Workload.Key, step, samples))])]
        : [];

    private static IEnumerable<StoredTensor> Stored(string side, Samples samples) =>
    [
        .. samples.Operands.Select((operand, place) => StoredTensor.Of($"{side}_x{place + 1}", [samples.Count], operand.AsSpan())),
        StoredTensor.Of($"{side}_label", [samples.Count], samples.Labels.AsSpan()),
    ];

    private static Dictionary<string, string> Settings(Workload workload) => new()
    {
        ["workload"] = workload.Name,
        ["operation"] = workload.Operation,
        ["modulus"] = workload.Modulus.ToString(CultureInfo.InvariantCulture),
        ["judged"] = Workload.MostJudged.ToString(CultureInfo.InvariantCulture),
        ["loss"] = CanonicalForm.LossName(workload.Recipe.Loss),
        ["network"] = JsonLine.Write(line => Kinds<INetwork>.Write(line, workload.Recipe.Network)),
        ["optimiser"] = JsonLine.Write(line => Kinds<Optimiser>.Write(line, workload.Recipe.Optimiser)),
        ["warmup_steps"] = workload.Recipe.Schedule.WarmupSteps.ToString(CultureInfo.InvariantCulture),
    };
}
