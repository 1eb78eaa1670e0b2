namespace Grokking.Host.Runs;

/// <summary>A run as it stands.</summary>
/// <param name="Directory">Its files.</param>
/// <param name="Record">What its record says, with the status corrected by what is true now.</param>
internal sealed record RunEntry(RunDirectory Directory, RunRecord Record);

/// <summary>The runs below a directory. The truth is in the files and is read anew each time.</summary>
/// <param name="data">The directory that holds everything that is written.</param>
internal sealed class RunCatalogue(string data)
{
    /// <summary>The directory of all runs.</summary>
    public string Root { get; } = Path.GetFullPath(Path.Combine(data, "runs"));

    /// <summary>Where a run of this id lies if nobody says otherwise.</summary>
    public RunDirectory DirectoryOf(string id) => new(Path.Combine(Root, id));

    /// <summary>All runs whose record can be read, newest first.</summary>
    public IReadOnlyList<RunEntry> List() =>
        [.. OpenAll().SelectMany(run => run.Match<RunEntry[]>(entry => [entry], _ => [])).OrderByDescending(entry => entry.Record.Created)];

    /// <summary>A sentence about each run whose record cannot be read.</summary>
    public IReadOnlyList<string> Unreadable() => [.. OpenAll().OfType<Result<RunEntry>.Failure>().Select(run => run.Reason)];

    /// <summary>Finds a run.</summary>
    /// <param name="name">Its id, the beginning of its id if only one run has it, or its directory.</param>
    /// <returns>The run, or the sentence that says why there is none.</returns>
    public Result<RunEntry> Find(string name)
    {
        if (new RunDirectory(Path.GetFullPath(name)) is { Exists: true } named)
            return Open(named);
        if (Directory.Exists(Root) && name.Length > 0)
        {
            string[] ids =
            [
                .. Directory.EnumerateDirectories(Root).Where(path => new RunDirectory(path).Exists).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
            ];
            string[] fitting = ids.Contains(name) ? [name] : [.. ids.Where(id => id.StartsWith(name, StringComparison.Ordinal))];
            if (fitting.Length == 1)
                return Open(DirectoryOf(fitting[0]));
            if (fitting.Length > 1)
                return Result.Failure<RunEntry>($"'{name}' begins {fitting.Length} runs; RUN must name one: {string.Join(", ", fitting)}.");
            string nearest = NearestName.To(name, ids);
            if (nearest.Length > 0)
                return Result.Failure<RunEntry>($"There is no run '{name}' in {Root}; did you mean '{nearest}'?");
        }

        return Result.Failure<RunEntry>($"There is no run '{name}' in {Root}; RUN must be a run's id, the beginning of one, or a run's directory.");
    }

    /// <summary>Reads a run.</summary>
    public static Result<RunEntry> Open(RunDirectory directory) =>
        RunRecord.Read(directory).Map(record => new RunEntry(directory, record with { Status = TrueStatus(directory, record.Status) }));

    private Result<RunEntry>[] OpenAll() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root)
            .Order(StringComparer.Ordinal)
            .Select(path => new RunDirectory(path))
            .Where(directory => directory.Exists)
            .Select(Open)]
        : [];

    // A process that was killed could not write that it no longer runs; its lock tells.
    private static RunStatus TrueStatus(RunDirectory directory, RunStatus written) =>
        written == RunStatus.Running && !RunLock.IsHeld(directory.Lock) ? RunStatus.Interrupted : written;
}
