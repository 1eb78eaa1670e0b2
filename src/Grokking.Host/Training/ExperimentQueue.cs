namespace Grokking.Host.Training;

/// <summary>An experiment taken from the queue.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Path">Where it lies while it is worked on.</param>
internal sealed record QueuedExperiment(string Name, string Path);

/// <summary>
/// Experiments waiting to be trained, as files: whoever wants something trained puts a JSON file into the queue's directory. The file moves
/// on, and the place where it lies is all there is to know: <c>claimed</c> while it is trained, then <c>done</c>, <c>failed</c> or
/// <c>paused</c>, with a sentence beside it.
/// </summary>
/// <param name="root">The queue's directory.</param>
/// <param name="time">The clock.</param>
internal sealed class ExperimentQueue(string root, TimeProvider time)
{
    private const string Ending = ".json";

    // A file this young may still be being written.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(0.5);

    /// <summary>The file whose holder works off the queue.</summary>
    public string Lock => Path.Combine(root, ".lock");

    /// <summary>How many experiments wait.</summary>
    public int Length => Waiting().Count();

    /// <summary>Makes the directories.</summary>
    /// <exception cref="IOException">They cannot be made.</exception>
    public void Create()
    {
        foreach (string folder in new[] { "claimed", "done", "failed", "paused" })
            Directory.CreateDirectory(Path.Combine(root, folder));
    }

    /// <summary>Takes the next experiment: first what an earlier service left unfinished, then the oldest file.</summary>
    /// <returns>The experiment; null where none waits.</returns>
    public QueuedExperiment? Claim()
    {
        string claimed = Path.Combine(root, "claimed");
        if (Directory.EnumerateFiles(claimed, $"*{Ending}").Order(StringComparer.Ordinal).FirstOrDefault() is { } unfinished)
            return new(Path.GetFileName(unfinished), unfinished);
        FileInfo? oldest = Waiting()
            .Where(file => time.GetUtcNow() - file.LastWriteTimeUtc >= Settled)
            .OrderBy(file => file.LastWriteTimeUtc)
            .ThenBy(file => file.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (oldest is null)
            return null;
        string place = Path.Combine(claimed, oldest.Name);
        oldest.MoveTo(place, overwrite: true);
        return new(oldest.Name, place);
    }

    /// <summary>Puts an experiment where it belongs now.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="folder"><c>done</c>, <c>failed</c> or <c>paused</c>.</param>
    /// <param name="sentence">What became of it.</param>
    public void Finish(QueuedExperiment experiment, string folder, string sentence)
    {
        string place = Path.Combine(root, folder, experiment.Name);
        Checkpoints.DurableFile.WriteText(Path.ChangeExtension(place, ".txt"), sentence + Environment.NewLine);
        File.Move(experiment.Path, place, overwrite: true);
    }

    private IEnumerable<FileInfo> Waiting() => Directory.Exists(root) ? new DirectoryInfo(root).EnumerateFiles($"*{Ending}") : [];
}
