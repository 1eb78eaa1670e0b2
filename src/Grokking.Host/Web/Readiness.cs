using Grokking.Host.Runs;
using Grokking.Host.Service;

namespace Grokking.Host.Web;

/// <summary>Whether the service can do its work now.</summary>
/// <param name="settings">What the service was asked to do.</param>
/// <param name="health">What is known about the worker.</param>
internal sealed class Readiness(ServiceSettings settings, WorkerHealth health)
{
    private const long LeastFreeBytes = 64L << 20;

    /// <summary>Why it cannot; null where it can.</summary>
    public string? Objection => health.Objection ?? Disk();

    private string? Disk()
    {
        try
        {
            string probe = Path.Combine(settings.Queue, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            long free = new DriveInfo(settings.Queue).AvailableFreeSpace;
            return free < LeastFreeBytes ? $"Only {free} bytes are free below {settings.Data}; {LeastFreeBytes} are needed." : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"The queue {settings.Queue} cannot be written: {OutputFolder.Reason(fault)}.";
        }
    }
}
