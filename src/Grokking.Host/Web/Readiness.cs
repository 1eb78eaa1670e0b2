using Grokking.Host.Files;
using Grokking.Host.Runs;
using Grokking.Host.Service;

namespace Grokking.Host.Web;

/// <summary>Whether the service can do its work now.</summary>
/// <param name="settings">What the service was asked to do.</param>
/// <param name="health">What is known about the worker.</param>
/// <param name="disk">The disk that everything is written to.</param>
/// <param name="time">The clock.</param>
internal sealed class Readiness(ServiceSettings settings, WorkerHealth health, Disk disk, TimeProvider time)
{
    /// <summary>With less room than this no checkpoint of a usual size is sure to fit.</summary>
    public const long LeastFreeBytes = 64L << 20;

    // Many may ask, and each look writes to the medium.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // A disk that hangs gives no answer at all, and whoever asks must get one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private const int ProbeBytes = 4096;

    private readonly Lock gate = new();
    private Task<string?> look = Task.FromResult<string?>(null);
    private long? begun;

    /// <summary>Why it cannot; null where it can.</summary>
    public string? Objection => health.Objection ?? DiskObjection();

    private string? DiskObjection()
    {
        Task<string?> current;
        long since;
        lock (gate)
        {
            if (look.IsCompleted && (begun is not { } before || time.GetElapsedTime(before) >= Fresh))
            {
                begun = time.GetTimestamp();
                look = Task.Run(Look);
            }

            (current, since) = (look, begun!.Value);
        }

        return ((IAsyncResult)current).AsyncWaitHandle.WaitOne(Patience)
            ? current.GetAwaiter().GetResult()
            : FormattableString.Invariant($"The disk below {settings.Data} has not answered for {time.GetElapsedTime(since).TotalSeconds:0} seconds.");
    }

    private string? Look()
    {
        string probe = Path.Combine(settings.Queue, $".{Guid.NewGuid():N}.tmp");
        try
        {
            // Room for a name is not yet room for bytes.
            using (DiskFile file = disk.Create(probe))
            {
                file.Write(new byte[ProbeBytes]);
                file.FlushToMedium();
            }

            long free = disk.FreeBytes(settings.Queue);
            return free < LeastFreeBytes ? $"Only {free} bytes are free below {settings.Data}; {LeastFreeBytes} are needed." : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"The queue {settings.Queue} cannot be written: {OutputFolder.Reason(fault)}.";
        }
        finally
        {
            // A name that stays behind disturbs nobody: the inbox looks at .json only.
            TryDelete(probe);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }
}
