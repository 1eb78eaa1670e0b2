using System.Runtime.InteropServices;
using System.Text;

namespace Grokking.Host.Checkpoints;

/// <summary>
/// Files that are there whole or not at all, also after a power loss: written beside their place as `.name.tmp`, flushed to the disk, renamed,
/// and the rename itself flushed by flushing the directory. Whoever finds a `.tmp` may delete it.
/// </summary>
internal static class DurableFile
{
    /// <summary>The ending of files that are not finished.</summary>
    internal const string TemporaryEnding = ".tmp";

    private const int InputOutputError = 5;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its place; the directory exists.</param>
    /// <param name="write">Writes the content. When it throws, the place is untouched and nothing is left behind.</param>
    /// <param name="overwrite">Whether an older file may be replaced.</param>
    /// <exception cref="IOException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        string temporary = TemporaryFor(path);
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        FlushDirectory(DirectoryOf(path));
    }

    /// <summary>Writes a text in UTF-8.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Where a file is written before it takes its place.</summary>
    /// <param name="path">Its place.</param>
    /// <returns>Its temporary name, in the same directory.</returns>
    public static string TemporaryFor(string path) => Path.Combine(DirectoryOf(path), $".{Path.GetFileName(path)}{TemporaryEnding}");

    /// <summary>
    /// Makes renames and deletions in a directory survive a power loss. On Windows this does nothing: its file systems keep a journal of names.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        // The class library has no handle for directories, so this is the one place that calls the C library.
        int descriptor = Open([.. Encoding.UTF8.GetBytes(directory), 0], 0);
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

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first fault is the one to report; what is left is swept at the next start.
        }
    }

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
