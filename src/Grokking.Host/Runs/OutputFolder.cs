namespace Grokking.Host.Runs;

/// <summary>Whether a run can have a directory, found out without leaving anything behind.</summary>
internal static class OutputFolder
{
    /// <summary>Checks a run's directory.</summary>
    /// <param name="directory">The directory; it need not exist.</param>
    /// <param name="run">The run's id.</param>
    /// <returns>Nothing, or the sentence that says why not.</returns>
    public static string? Check(RunDirectory directory, string run)
    {
        if (File.Exists(directory.Path))
            return $"The output folder {directory.Path} is a file; it must be a folder, or a place for one.";
        if (directory.Exists)
        {
            string there = RunRecord.Read(directory).Match(record => record.Run, _ => run);
            if (there != run)
                return $"The output folder {directory.Path} holds the run {there}, not {run}; it must be empty or belong to this run.";
        }
        else if (Directory.Exists(directory.Path) && Directory.EnumerateFileSystemEntries(directory.Path).Any(IsForeign))
        {
            return $"The output folder {directory.Path} is not empty and holds no run; it must be empty or a run's own.";
        }

        return Probe(directory.Path);
    }

    /// <summary>Why a file could not be made, without the name of that file: it was ours, and nobody asked for it.</summary>
    public static string Reason(Exception fault) => fault is UnauthorizedAccessException
        ? "permission is denied"
        : fault.Message.Split(" : '")[0].TrimEnd('.');

    // What a run leaves that was ended before its record could be written.
    private static bool IsForeign(string path) =>
        Path.GetFileName(path) is not "logs" && !LeaseFile.Is(path) && !Files.Disk.IsTemporary(path);

    private static string? Probe(string path)
    {
        string place = path;
        while (!Directory.Exists(place))
        {
            if (File.Exists(place))
                return $"The output folder {path} cannot be written: {place} is a file; it must be a folder.";
            place = Path.GetDirectoryName(place) ?? Path.GetPathRoot(path)!;
        }

        try
        {
            string probe = Path.Combine(place, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"The output folder {path} cannot be written ({Reason(fault)}); it must be a folder that this user can write to.";
        }
    }
}
