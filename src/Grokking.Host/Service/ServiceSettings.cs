using Grokking.Host.Training;

namespace Grokking.Host.Service;

/// <summary>What the service was asked to do.</summary>
/// <param name="Data">The directory that holds everything that is written.</param>
/// <param name="Threads">Threads of the engine, for all runs together.</param>
/// <param name="Together">How many runs are trained at once.</param>
/// <param name="Token">What whoever asks for something must know; null where nobody is asked.</param>
/// <param name="Webhook">Where alerts are posted; null for nowhere.</param>
internal sealed record ServiceSettings(string Data, int Threads, int Together, string? Token, Uri? Webhook)
{
    /// <summary>Where the meters are sent over OTLP; null for nowhere, unless the environment says so.</summary>
    public Uri? Telemetry { get; init; }

    /// <summary>What trains; our own engine, with a share of the threads for each run, unless another is chosen.</summary>
    public MachineMaker Engine { get; init; } = Engines.Own(Math.Max(1, Threads / Together));

    /// <summary>Where experiments are put as files.</summary>
    public string Queue => Path.Combine(Path.GetFullPath(Data), "queue");

    /// <summary>The service's log files.</summary>
    public string Logs => Path.Combine(Path.GetFullPath(Data), "logs");
}

/// <summary>How the service ended, for its exit code.</summary>
internal sealed class ServiceOutcome
{
    /// <summary>Whether a run was interrupted by the end of the service.</summary>
    public bool Interrupted { get; set; }

    /// <summary>Whether the service itself failed.</summary>
    public bool Failed { get; set; }
}
