using System.Collections.Immutable;

namespace Grokking.Host.Studies;

/// <summary>The tables of a study, by name: all that its figure and its verdicts are made from.</summary>
/// <param name="All">Name and table, in order; a name is the stem of a file.</param>
internal sealed record StudyTables(ImmutableArray<(string Name, StudyTable Table)> All)
{
    private const string Ending = ".parquet";

    /// <summary>Some tables.</summary>
    public static StudyTables Of(params ImmutableArray<(string Name, StudyTable Table)> tables) => new(tables);

    /// <summary>A table by its name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public StudyTable this[string name] => All.FirstOrDefault(each => each.Name == name).Table
        ?? throw new ArgumentException($"There is no table '{name}'; there are {string.Join(", ", All.Select(each => each.Name))}.", nameof(name));

    /// <summary>Reads all tables of a folder, by name.</summary>
    /// <exception cref="IOException">One is damaged or cannot be read.</exception>
    public static StudyTables Read(string folder) =>
        new([.. Files(folder).Select(path => (Path.GetFileName(path)[..^Ending.Length], StudyTable.Open(path)))]);

    /// <summary>Writes all tables and removes those of an earlier time that there are no more.</summary>
    /// <exception cref="IOException">One cannot be written.</exception>
    public void Write(string folder, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, StudyTable table) in All)
            table.Write(Path.Combine(folder, name + Ending), metadata);
        foreach (string stale in Files(folder).Where(path => All.All(each => each.Name + Ending != Path.GetFileName(path))))
            File.Delete(stale);
    }

    /// <summary>The Parquet files of a folder, by name.</summary>
    public static string[] Files(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, $"*{Ending}").Order(StringComparer.Ordinal)]
        : [];
}
