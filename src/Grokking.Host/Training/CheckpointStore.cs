using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grokking.Host.Checkpoints;
using Grokking.Host.Files;
using Grokking.Host.Runs;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>Everything that a run needs to go on exactly as if it had never stopped.</summary>
/// <param name="State">The training state.</param>
/// <param name="Course">What is known from the evaluations up to that step, the one at that step included.</param>
/// <param name="MetricsWatermark">How many segments of metrics belong to the run up to here.</param>
/// <param name="ElapsedSeconds">Seconds spent training up to here.</param>
internal sealed record Checkpoint(TrainState State, Course Course, int MetricsWatermark, double ElapsedSeconds);

/// <summary>
/// The checkpoints of a run, as safetensors: weights and statistics under the papers' names, the memory of the optimiser and of the
/// filters before it behind <c>optimiser.</c>, the rest as metadata.
/// </summary>
/// <param name="directory">The run.</param>
/// <param name="run">The run's id.</param>
/// <param name="recipe">What is trained: the shapes that are expected.</param>
/// <param name="precision">The type of the stored numbers.</param>
/// <param name="numericsProfile">What decides the last bits of the engine's numbers.</param>
internal sealed class CheckpointStore(RunDirectory directory, string run, Recipe recipe, Precision precision, string numericsProfile)
{
    /// <summary>The form of the metadata.</summary>
    public const string Schema = "grokking.checkpoint/1";

    // Besides the one of step 0: enough to fall back on where the newest is damaged.
    private const int Kept = 3;
    private const string DamagedEnding = ".damaged";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes a checkpoint and deletes those that are too old.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string Write(Checkpoint checkpoint)
    {
        directory.Disk.MakeDirectory(directory.Checkpoints);
        TrainState state = checkpoint.State;
        string path = directory.Checkpoint(state.Step);
        byte[] bytes = SafetensorsFile.Of(
            [
                .. Stored(state.Weights, name => name),
                .. recipe.Slots.SelectMany((slot, s) => Stored(state.Slots[s], name => SlotTensor(slot, name))),
                .. Stored(state.Statistics, name => name),
            ],
            new Dictionary<string, string>
            {
                ["grokking.schema"] = Schema,
                ["grokking.run"] = run,
                ["grokking.version"] = RunEnvironment.ProgramVersion,
                ["grokking.numerics_profile"] = numericsProfile,
                ["grokking.step"] = state.Step.ToString(CultureInfo.InvariantCulture),
                ["grokking.key"] = $"{state.Key.Cipher:x16} {state.Key.Stream:x16}",
                ["grokking.metrics_watermark"] = checkpoint.MetricsWatermark.ToString(CultureInfo.InvariantCulture),
                ["grokking.elapsed_seconds"] = checkpoint.ElapsedSeconds.ToString("R", CultureInfo.InvariantCulture),
                ["grokking.course"] = JsonSerializer.Serialize(checkpoint.Course, Format),
            }).ToBytes();
        directory.Disk.Publish(path, output => output.Write(bytes));
        foreach (string old in Files().Skip(Kept).Where(file => file != directory.Checkpoint(0)))
            directory.Disk.Delete(old);
        return path;
    }

    /// <summary>The newest checkpoint that is whole. Damaged ones are set aside.</summary>
    /// <param name="warn">Is told about each that is set aside.</param>
    /// <returns>The checkpoint, null where there never was one, or the sentence that says that all are damaged.</returns>
    public Result<Checkpoint?> Newest(Action<string> warn)
    {
        var faults = new List<string>();
        foreach (string path in Files())
        {
            try
            {
                Checkpoint checkpoint = Read(path);
                foreach ((string damaged, string fault) in Files().Zip(faults))
                {
                    directory.Disk.Move(damaged, damaged + DamagedEnding, overwrite: true);
                    warn($"{fault} It was set aside; the run goes on from step {checkpoint.State.Step}.");
                }

                return Result.Success<Checkpoint?>(checkpoint);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                faults.Add(fault.Message);
            }
        }

        return faults.Count == 0
            ? Result.Success<Checkpoint?>(null)
            : Result.Failure<Checkpoint?>(
                $"{faults[0]} No other checkpoint of the run is whole; to train it from its beginning, delete {directory.Path}.");
    }

    private IReadOnlyList<string> Files() => Directory.Exists(directory.Checkpoints)
        ? [.. Directory.EnumerateFiles(directory.Checkpoints, "step-*.safetensors").OrderDescending(StringComparer.Ordinal)]
        : [];

    private Checkpoint Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        return DamagedFileException.Guard(path, () => Parse(file));
    }

    private Checkpoint Parse(SafetensorsFile file)
    {
        string Text(string key) => file.Metadata.TryGetValue($"grokking.{key}", out string? text)
            ? text
            : throw new InvalidDataException($"it lacks the entry grokking.{key}");
        if (Text("schema") != Schema)
            throw new InvalidDataException($"it has the form '{Text("schema")}', not '{Schema}'");
        if (Text("run") != run)
            throw new InvalidDataException($"it belongs to the run '{Text("run")}', not to '{run}'");
        try
        {
            ulong[] key = [.. Text("key").Split(' ').Select(half => ulong.Parse(half, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            var state = new TrainState(
                long.Parse(Text("step"), CultureInfo.InvariantCulture),
                Tensors(file, recipe.Network.Parameters, name => name),
                [.. recipe.Slots.Select(slot => Tensors(file, Remembered(slot), name => SlotTensor(slot, name)))],
                new RandomKey(key[0], key[1]))
            {
                Statistics = Tensors(file, recipe.Network.Statistics, name => name),
            };
            return new(
                state,
                JsonSerializer.Deserialize<Course>(Text("course"), Format) ?? throw new InvalidDataException("its course is empty"),
                int.Parse(Text("metrics_watermark"), CultureInfo.InvariantCulture),
                double.Parse(Text("elapsed_seconds"), CultureInfo.InvariantCulture));
        }
        catch (Exception fault) when (
            fault is FormatException or OverflowException or JsonException or KeyNotFoundException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw new InvalidDataException($"its metadata cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    private static string SlotTensor(Slot slot, string weight) => $"optimiser.{slot.Name}.{weight}";

    private ImmutableArray<ParameterSpecification> Remembered(Slot slot) =>
        [.. recipe.Network.Parameters.Select(parameter => parameter with { Shape = slot.ShapeFor(parameter.Shape) })];

    private IEnumerable<StoredTensor> Stored(Parameters<Dense> tensors, Func<string, string> name) =>
        tensors.Names.Zip(tensors.Values, (weight, tensor) => Stored(name(weight), tensor));

    // In single precision every number is a float32, so nothing is lost.
    private StoredTensor Stored(string name, Dense tensor)
    {
        IEnumerable<long> shape = tensor.Shape.Lengths.Select(length => (long)length);
        return precision == Precision.Single
            ? StoredTensor.Of<float>(name, shape, Array.ConvertAll(tensor.Span.ToArray(), value => (float)value))
            : StoredTensor.Of(name, shape, tensor.Span);
    }

    private static Parameters<Dense> Tensors(SafetensorsFile file, ImmutableArray<ParameterSpecification> expected, Func<string, string> name) => new(
        [.. expected.Select(parameter => parameter.Name)],
        [.. expected.Select(parameter => Tensor(file[name(parameter.Name)], parameter.Shape))]);

    private static Dense Tensor(StoredTensor stored, Shape shape) => stored.Shape.SequenceEqual(shape.Lengths.Select(length => (long)length))
        ? Dense.Of(shape, stored.Kind == TensorKind.F32 ? Array.ConvertAll(stored.Values<float>(), value => (double)value) : stored.Values<double>())
        : throw new InvalidDataException($"its tensor '{stored.Name}' has the shape [{string.Join(", ", stored.Shape)}], not {shape}");
}
