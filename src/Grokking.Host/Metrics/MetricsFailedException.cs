namespace Grokking.Host.Metrics;

/// <summary>Metrics can no longer be written. The message is one sentence, with the reason.</summary>
/// <param name="run">The run.</param>
/// <param name="cause">Why.</param>
internal sealed class MetricsFailedException(string run, Exception cause)
    : IOException($"The metrics of run {run} cannot be written any more: {cause.Message}", cause);
