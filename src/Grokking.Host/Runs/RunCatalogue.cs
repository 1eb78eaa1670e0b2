using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Grokking.Host.Runs;

/// <summary>A run as it stands.</summary>
/// <param name="Directory">Its files.</param>
/// <param name="Record">What its record says, with the status corrected by what is true now.</param>
internal sealed record RunEntry(RunDirectory Directory, RunRecord Record);

/// <summary>All runs as they stand.</summary>
/// <param name="Runs">Those whose record can be read, the newest first.</param>
/// <param name="Unreadable">A sentence about each of the others.</param>
internal sealed record RunListing(ImmutableArray<RunEntry> Runs, ImmutableArray<string> Unreadable);

/// <summary>The runs below a directory. The truth is in the files and is read anew each time.</summary>
/// <param name="data">The directory that holds everything that is written.</param>
internal sealed partial class RunCatalogue(string data)
{
    // File systems tell times to some milliseconds: a record so young may be replaced by another of the same time.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (DateTime Written, RunRecord Record)> known = new(StringComparer.Ordinal);

    /// <summary>The directory of all runs.</summary>
    public string Root { get; } = Path.GetFullPath(Path.Combine(data, "runs"));

    /// <summary>Where a run of this id lies if nobody says otherwise.</summary>
    public RunDirectory DirectoryOf(string id) => new(Path.Combine(Root, id));

    /// <summary>All runs whose record can be read, newest first.</summary>
    public IReadOnlyList<RunEntry> List() => ListAll().Runs;

    /// <summary>All runs, in one look.</summary>
    public RunListing ListAll()
    {
        Result<RunEntry>[] all = OpenAll();
        return new(
            [.. all.OfType<Result<RunEntry>.Success>().Select(run => run.Value).OrderByDescending(entry => entry.Record.Created)],
            [.. all.OfType<Result<RunEntry>.Failure>().Select(run => run.Reason)]);
    }

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

    /// <summary>Finds a run by its whole id and nothing else: what comes from outside never becomes a path.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The run, or the sentence that says why there is none.</returns>
    public Result<RunEntry> FindExactly(string id) => RunId().IsMatch(id) && DirectoryOf(id) is { Exists: true } directory
        ? Open(directory)
        : Result.Failure<RunEntry>($"There is no run '{id}'.");

    /// <summary>Reads a run.</summary>
    public static Result<RunEntry> Open(RunDirectory directory) =>
        RunRecord.Read(directory).Map(record => Standing(directory, record));

    private Result<RunEntry>[] OpenAll() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root)
            .Order(StringComparer.Ordinal)
            .Select(path => new RunDirectory(path))
            .Select(OpenKnown)
            .OfType<Result<RunEntry>>()]
        : [];

    // Of thousands of runs few change between two looks.
    private Result<RunEntry>? OpenKnown(RunDirectory directory)
    {
        DateTime written = File.GetLastWriteTimeUtc(directory.Record);
        // What is not there has the year 1601.
        if (written.Year < 1900)
            return null;
        if (known.TryGetValue(directory.Path, out (DateTime Written, RunRecord Record) before) && before.Written == written)
            return Result.Success(Standing(directory, before.Record));
        Result<RunRecord> read = RunRecord.Read(directory);
        if (read is Result<RunRecord>.Success { Value: var record } && DateTime.UtcNow - written > Settled)
            known[directory.Path] = (written, record);
        return read.Map(found => Standing(directory, found));
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
    private static partial Regex RunId();

    private static RunEntry Standing(RunDirectory directory, RunRecord record) => new(directory, record with { Status = TrueStatus(directory, record.Status) });

    /// <summary>How a run stands that nobody trains, whatever was written last: a process that was killed could not write that it no longer trains.</summary>
    public static RunStatus WithoutHolder(RunDirectory directory, RunStatus written) =>
        written != RunStatus.Running ? written
        : File.Exists(directory.PauseRequest) ? RunStatus.Paused
        : RunStatus.Interrupted;

    /// <summary>How a run stands, whatever was written last.</summary>
    public static RunStatus TrueStatus(RunDirectory directory, RunStatus written) =>
        written != RunStatus.Running || !Lease.IsHeld(directory, TimeProvider.System) ? WithoutHolder(directory, written)
        : File.Exists(directory.PauseRequest) ? RunStatus.Pausing
        : RunStatus.Running;
}
