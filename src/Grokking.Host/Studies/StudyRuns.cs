using System.Collections.Immutable;
using System.Globalization;
using Grokking.Host.Checkpoints;
using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Host.Studies;

/// <summary>The runs of a study's sweeps.</summary>
/// <param name="Sweeps">Preset and runs.</param>
internal sealed record StudyRuns(ImmutableArray<(string Preset, ImmutableArray<StudyRun> Runs)> Sweeps)
{
    /// <summary>Whether the quick variant is meant, which computes less as well.</summary>
    public bool Quick { get; init; }

    /// <summary>The runs of a sweep, in the order of its plan.</summary>
    /// <param name="preset">The sweep preset's name.</param>
    /// <exception cref="ArgumentException">The study has no such sweep.</exception>
    public ImmutableArray<StudyRun> Of(string preset) => Sweeps.FirstOrDefault(sweep => sweep.Preset == preset) is { Preset: not null } found
        ? found.Runs
        : throw new ArgumentException($"There is no sweep '{preset}' here; there are {string.Join(", ", Sweeps.Select(sweep => sweep.Preset))}.", nameof(preset));

    /// <summary>The runs of one series of a sweep.</summary>
    /// <param name="preset">The sweep preset's name.</param>
    /// <param name="series">The series' name.</param>
    public ImmutableArray<StudyRun> Of(string preset, string series) => [.. Of(preset).Where(run => run.Series == series)];
}

/// <summary>A completed run and its place in its sweep.</summary>
/// <param name="Point">The point of the sweep.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Record">Its record.</param>
internal sealed record StudyRun(SweepPoint Point, RunDirectory Directory, RunRecord Record)
{
    /// <summary>Its series; empty where the sweep has only one.</summary>
    public string Series => Point.Series;

    /// <summary>Its seed.</summary>
    public long Seed => Record.Seed;

    /// <summary>What it had reached in the end.</summary>
    public RunOutcome Outcome => Record.Outcome!;

    /// <summary>Its experiment.</summary>
    public Experiment Experiment => ConfigurationText.Read(Record.Configuration.GetRawText()).Experiment
        ?? throw new InvalidDataException($"The settings of the run {Record.Run} are none of this program.");

    /// <summary>p.</summary>
    public int Modulus => Experiment.Task.Modulus;

    /// <summary>The value of a varied setting.</summary>
    /// <param name="path">The setting, such as <c>split.trainFraction</c>.</param>
    /// <exception cref="InvalidOperationException">It is not varied.</exception>
    public double Coordinate(string path) => double.Parse(Point.Coordinates.First(each => each.Path == path).Shown, CultureInfo.InvariantCulture);

    /// <summary>Its metrics: a row for each evaluated step.</summary>
    public StudyTable Metrics => StudyTable.Open(Directory.Metrics);

    /// <summary>The steps of which there are tables of phases, ascending.</summary>
    public ImmutableArray<long> PhaseSteps => Steps(Directory.Phases, ".parquet");

    /// <summary>The phases of all neurons at a step.</summary>
    public StudyTable Phases(long step) => StudyTable.Open(Path.Combine(Directory.Phases, string.Create(CultureInfo.InvariantCulture, $"step-{step:D9}.parquet")));

    /// <summary>The steps of which there are checkpoints, ascending; the first and the last step are always there.</summary>
    public ImmutableArray<long> CheckpointSteps => Steps(Directory.Checkpoints, ".safetensors");

    /// <summary>The network with its weights at a step; where its output is scaled, the inner one.</summary>
    /// <param name="step">One of <see cref="CheckpointSteps"/>.</param>
    /// <exception cref="IOException">The checkpoint is damaged or cannot be read.</exception>
    public Specimen Weights(long step)
    {
        Experiment experiment = Experiment;
        INetwork network = ExperimentData.Network(experiment, experiment.Task.Operands);
        SafetensorsFile file = SafetensorsFile.Read(Directory.Checkpoint(step));
        return new(network, new Parameters<Dense>(
            [.. network.Parameters.Select(parameter => parameter.Name)],
            [.. network.Parameters.Select(parameter => Tensor(file[parameter.Name], parameter.Shape))]));
    }

    private static Dense Tensor(StoredTensor stored, Shape shape) => Dense.Of(
        shape,
        stored.Kind == TensorKind.F32 ? Array.ConvertAll(stored.Values<float>(), value => (double)value) : stored.Values<double>());

    private static ImmutableArray<long> Steps(string folder, string ending) => System.IO.Directory.Exists(folder)
        ?
        [
            .. System.IO.Directory.EnumerateFiles(folder, $"step-*{ending}")
                .Select(path => long.Parse(Path.GetFileName(path)["step-".Length..^ending.Length], CultureInfo.InvariantCulture))
                .Order(),
        ]
        : [];
}
