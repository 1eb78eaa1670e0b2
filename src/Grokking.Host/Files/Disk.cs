using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Grokking.Host.Files;

/// <summary>
/// Everything that changes files. A published file is there whole or not at all, also after a power loss: it is written beside its place as `.name.*.tmp`, flushed to the
/// medium, renamed, and the rename itself flushed by flushing the directory. Whoever finds a `.tmp` and is alone in the directory may delete it.
/// </summary>
internal class Disk
{
    private const string TemporaryEnding = ".tmp";
    private const int NoSuchFile = 2;
    private const int InputOutputError = 5;
    private const int FileExists = 17;

    /// <summary>The disk of this machine.</summary>
    public static Disk Real { get; } = new();

    /// <summary>Comes before each call; may throw in its place.</summary>
    public virtual void Before(FileCall call, string path)
    {
    }

    /// <summary>How many of some bytes the disk takes; fewer than all where it is full.</summary>
    public virtual int Accepted(string path, int bytes) => bytes;

    /// <summary>How many bytes this user may still write where a directory is.</summary>
    /// <exception cref="IOException">The directory is not there, or the disk reports an error.</exception>
    public virtual long FreeBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    /// <summary>Publishes a file.</summary>
    /// <param name="path">Its place; the directory exists.</param>
    /// <param name="write">Writes the content. When it throws, the place is untouched and nothing is left behind.</param>
    /// <param name="overwrite">Whether an older file may be replaced.</param>
    /// <exception cref="IOException">The file cannot be written, or exists and must not be replaced.</exception>
    public void Publish(string path, Action<Stream> write, bool overwrite = true)
    {
        string temporary = Path.Combine(DirectoryOf(path), $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(8)}{TemporaryEnding}");
        try
        {
            using (DiskFile file = Create(temporary))
            {
                write(file);
                file.FlushToMedium();
            }

            Move(temporary, path, overwrite);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        FlushDirectory(DirectoryOf(path));
    }

    /// <summary>Publishes a text in UTF-8.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="text">The text.</param>
    /// <param name="overwrite">Whether an older file may be replaced.</param>
    /// <exception cref="IOException">The file cannot be written, or exists and must not be replaced.</exception>
    public void PublishText(string path, string text, bool overwrite = true) => Publish(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), overwrite);

    /// <summary>Whether a file is one that was never published.</summary>
    public static bool IsTemporary(string path) => Path.GetFileName(path) is ['.', ..] name && name.EndsWith(TemporaryEnding, StringComparison.Ordinal);

    /// <summary>Whether a directory has files that were never published.</summary>
    public static bool HasTemporary(string directory) => Temporary(directory).Any();

    /// <summary>Deletes the files in a directory that were never published; the caller is alone there.</summary>
    public void Sweep(string directory)
    {
        foreach (string unfinished in Temporary(directory))
            Delete(unfinished);
    }

    private static IEnumerable<string> Temporary(string directory) => Directory.EnumerateFiles(directory, $".*{TemporaryEnding}").Where(IsTemporary);

    /// <summary>Opens a new file, which must not be there yet.</summary>
    public DiskFile Create(string path) => new(this, path);

    /// <summary>Gives a file another place, at once: without <paramref name="overwrite"/>, of several who try at one time one succeeds.</summary>
    public void Move(string from, string to, bool overwrite)
    {
        Before(FileCall.Move, to);
        // The class library looks first and moves then, and two may look at once; a link is made or is not.
        if (overwrite || OperatingSystem.IsWindows() || !TryLink(from, to))
            File.Move(from, to, overwrite);
        else
            File.Delete(from);
    }

    /// <summary>Deletes a file; nothing happens where it is not there.</summary>
    public void Delete(string path)
    {
        Before(FileCall.Delete, path);
        File.Delete(path);
    }

    /// <summary>Sets a file's time.</summary>
    public void Touch(string path, DateTimeOffset time)
    {
        Before(FileCall.Touch, path);
        File.SetLastWriteTimeUtc(path, time.UtcDateTime);
    }

    /// <summary>Makes a directory and those above it; nothing happens where it is there.</summary>
    public void MakeDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        Before(FileCall.MakeDirectory, path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Deletes an empty directory.</summary>
    public void DeleteDirectory(string path)
    {
        Before(FileCall.Delete, path);
        Directory.Delete(path);
    }

    /// <summary>
    /// Makes renames and deletions in a directory survive a power loss. On Windows this does nothing: its file systems keep a journal of names.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public void FlushDirectory(string directory)
    {
        Before(FileCall.FlushDirectory, directory);
        if (OperatingSystem.IsWindows())
            return;
        // The class library has no handle for directories.
        int descriptor = Open(Terminated(directory), 0);
        if (descriptor < 0)
            throw new IOException($"The directory {directory} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            // Some file systems cannot flush a directory and say so; only a failing disk is an error.
            if (Flush(descriptor) != 0 && Marshal.GetLastPInvokeError() == InputOutputError)
                throw new IOException($"The directory {directory} cannot be flushed to the disk.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    // False where the file system knows no second name for a file.
    private static bool TryLink(string from, string to)
    {
        if (Link(Terminated(from), Terminated(to)) == 0)
            return true;
        int error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? throw new FileExistsException($"The file {to} exists already.")
            : error == NoSuchFile ? throw new FileNotFoundException($"There is no file {from}.", from) : false;
    }

    private static byte[] Terminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private void TryDelete(string path)
    {
        try
        {
            Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first fault is the one to report; what is left is swept at the next start.
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
