using System.Globalization;
using Grokking.Host.Files;

namespace Grokking.Host.Runs;

/// <summary>Where the files of a run are.</summary>
/// <param name="Path">The run's directory, as an absolute path.</param>
internal sealed record RunDirectory(string Path)
{
    /// <summary>The disk that it is on.</summary>
    public Disk Disk { get; init; } = Disk.Real;

    /// <summary>What the run is and how it stands.</summary>
    public string Record => At("run.json");

    /// <summary>The samples.</summary>
    public string DataSet => At("dataset.parquet");

    /// <summary>Segments of the metrics.</summary>
    public string MetricsSegments => At("metrics");

    /// <summary>All metrics, once the run has ended.</summary>
    public string Metrics => At("metrics.parquet");

    /// <summary>One row: settings and outcomes.</summary>
    public string Summary => At("summary.parquet");

    /// <summary>The spikes of the training loss, where there were some.</summary>
    public string Spikes => At("spikes.parquet");

    /// <summary>The learning curves, drawn.</summary>
    public string Curves => At("curves.svg");

    /// <summary>Checkpoints.</summary>
    public string Checkpoints => At("checkpoints");

    /// <summary>Tables of Fourier powers.</summary>
    public string Spectra => At("spectra");

    /// <summary>Tables of phases.</summary>
    public string Phases => At("phases");

    /// <summary>Log files.</summary>
    public string Logs => At("logs");

    /// <summary>There while a pause is asked for.</summary>
    public string PauseRequest => At("pause.request");

    /// <summary>There while a cancellation is asked for.</summary>
    public string CancelRequest => At("cancel.request");

    /// <summary>Whether a run is there.</summary>
    public bool Exists => File.Exists(Record);

    /// <summary>The checkpoint of a step.</summary>
    public string Checkpoint(long step) =>
        System.IO.Path.Combine(Checkpoints, string.Create(CultureInfo.InvariantCulture, $"step-{step:D9}.safetensors"));

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
