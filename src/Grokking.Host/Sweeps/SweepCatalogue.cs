namespace Grokking.Host.Sweeps;

/// <summary>A planned sweep.</summary>
/// <param name="Folder">Its files.</param>
/// <param name="Plan">Its plan.</param>
internal sealed record PlannedSweep(SweepFolder Folder, SweepPlan Plan);

/// <summary>The planned sweeps below a directory.</summary>
/// <param name="data">The directory that holds everything that is written.</param>
internal sealed class SweepCatalogue(string data)
{
    /// <summary>The directory of all sweeps.</summary>
    public string Root { get; } = Path.GetFullPath(Path.Combine(data, "sweeps"));

    /// <summary>Where a sweep of this id lies.</summary>
    public SweepFolder FolderOf(string id) => new(Path.Combine(Root, id));

    /// <summary>Whether a word could name a planned sweep: whether <see cref="Find"/> would find one, or several.</summary>
    public bool Knows(string name) => name.Length > 0 && (new SweepFolder(Path.GetFullPath(name)).Exists || Fitting(name).Length > 0);

    /// <summary>All planned sweeps whose plan can be read, by id.</summary>
    public IReadOnlyList<PlannedSweep> List() =>
        [.. Ids().SelectMany(id => Open(FolderOf(id)).Match<PlannedSweep[]>(sweep => [sweep], _ => []))];

    /// <summary>Finds a planned sweep.</summary>
    /// <param name="name">Its id, the beginning of its id if only one sweep has it, or its folder.</param>
    /// <returns>The sweep, or the sentence that says why there is none.</returns>
    public Result<PlannedSweep> Find(string name)
    {
        if (name.Length > 0 && new SweepFolder(Path.GetFullPath(name)) is { Exists: true } named)
            return Open(named);
        string[] fitting = name.Length > 0 ? Fitting(name) : [];
        if (fitting.Length == 1)
            return Open(FolderOf(fitting[0]));
        if (fitting.Length > 1)
            return Result.Failure<PlannedSweep>($"'{name}' begins {fitting.Length} sweeps; SWEEP must name one: {string.Join(", ", fitting)}.");
        string nearest = NearestName.To(name, Ids());
        return Result.Failure<PlannedSweep>(nearest.Length > 0
            ? $"There is no sweep '{name}' in {Root}; did you mean '{nearest}'?"
            : $"There is no sweep '{name}' in {Root}; SWEEP must be a sweep's id, the beginning of one, or a sweep's folder.");
    }

    private static Result<PlannedSweep> Open(SweepFolder folder) => folder.Read().Map(plan => new PlannedSweep(folder, plan));

    private string[] Fitting(string name)
    {
        string[] ids = Ids();
        return ids.Contains(name) ? [name] : [.. ids.Where(id => id.StartsWith(name, StringComparison.Ordinal))];
    }

    private string[] Ids() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root)
            .Where(path => new SweepFolder(path).Exists)
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)]
        : [];
}
