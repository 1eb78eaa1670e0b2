using Grokking.Host.Configuration;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Training;

namespace Grokking.Host.Figures;

/// <summary>The learning curves of a run, as a picture and as a file.</summary>
internal static class RunFigure
{
    /// <summary>The curves of a finished run, from its metrics.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="experiment">Its experiment.</param>
    /// <exception cref="IOException">The metrics cannot be read.</exception>
    public static Figure Of(RunDirectory directory, Experiment experiment) => LearningCurves.Of(
        ParquetTable.Open(directory.Metrics),
        $"{experiment.Task.Operation} mod {experiment.Task.Modulus}: {experiment.Name}, seed {experiment.Seed}",
        experiment.Task.Modulus,
        experiment.Loss is Loss.MeanSquaredError
            ? (1.0 / experiment.Task.Modulus, "zero output 1/p")
            : (Math.Log(experiment.Task.Modulus), "uniform output ln p"));

    /// <summary>Draws them into a file.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="experiment">Its experiment.</param>
    /// <param name="path">The SVG file; its directory exists.</param>
    /// <exception cref="IOException">The metrics cannot be read, or the file cannot be written.</exception>
    public static void Write(RunDirectory directory, Experiment experiment, string path) =>
        directory.Disk.PublishText(path, Of(directory, experiment).Draw(whole: true));
}
