namespace Grokking.Host.Files;

/// <summary>A file of ours is not what it was when we wrote it. The message is one sentence for people: which file, and what is wrong.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, as the second half of a sentence.</param>
/// <param name="cause">What was noticed, if it was an exception.</param>
internal sealed class DamagedFileException(string path, string reason, Exception? cause = null)
    : IOException($"The file {path} is damaged: {reason}.", cause)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;

    /// <summary>Runs a reader and names the file in what it complains about.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="read">The reader; it throws <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> on bytes that cannot be.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="DamagedFileException">The reader found the file damaged.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new DamagedFileException(path, fault.Message.TrimEnd('.'), fault);
        }
    }
}
