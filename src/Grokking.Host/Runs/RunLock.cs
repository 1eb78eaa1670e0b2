namespace Grokking.Host.Runs;

/// <summary>
/// The right to train a run or to work off a queue: an exclusively opened file. The operating system gives it back when the process ends,
/// however it ends, so nobody is locked out by a crash.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock. Whoever only looks holds it for an instant; hence some patience.</summary>
    /// <param name="path">The lock's file; its directory exists.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The lock, or null where another process has it.</returns>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RunLock? TryTake(string path, TimeProvider time)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path) && time.GetElapsedTime(start) < Patience)
            {
                Thread.Sleep(20);
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
        }
    }

    /// <summary>Whether some process holds the lock.</summary>
    /// <param name="path">The lock's file.</param>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var _ = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
