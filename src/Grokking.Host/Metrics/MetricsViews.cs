using Grokking.Host.Runs;
using Microsoft.Extensions.Caching.Memory;

namespace Grokking.Host.Metrics;

/// <summary>
/// Looks at metrics for whoever asks. What was seen of a run that has ended is kept for a while: its file is published once and never changes, and who compares a hundred
/// runs asks for the same again with every change of an axis.
/// </summary>
internal sealed class MetricsViews : IDisposable
{
    // Numbers kept; about 40 MB with all that they need.
    private const long Most = 1_500_000;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(2);
    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>Looks at the metrics of a run.</summary>
    /// <exception cref="Files.DamagedFileException">A file is damaged.</exception>
    public MetricsView Of(RunEntry entry, MetricsRequest request)
    {
        var file = new FileInfo(entry.Directory.Metrics);
        if (!file.Exists)
            return Read(entry, request);
        // An extended run that ended again has another file.
        (string, DateTime, long, MetricsRequest) key = (file.FullName, file.LastWriteTimeUtc, file.Length, request);
        if (kept.TryGetValue(key, out MetricsView? view))
            return view!;
        view = Read(entry, request);
        return kept.Set(key, view, new MemoryCacheEntryOptions { Size = view.Steps.Length * (1L + (3 * view.Series.Count)), SlidingExpiration = Unused });
    }

    /// <inheritdoc/>
    public void Dispose() => kept.Dispose();

    private static MetricsView Read(RunEntry entry, MetricsRequest request) => MetricsView.Of(entry.Record.Run, MetricsHistory.Open(entry.Directory.Path), request);
}
