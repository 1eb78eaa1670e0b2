using System.Collections.Immutable;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies;

/// <summary>A study as it lies in a folder: its tables, and the picture and the verdict that are made from them.</summary>
/// <param name="Path">The folder.</param>
internal sealed record StudyFolder(string Path)
{
    /// <summary>The picture.</summary>
    public string Picture => System.IO.Path.Combine(Path, "figure.svg");

    /// <summary>The verdict.</summary>
    public string Verdicts => System.IO.Path.Combine(Path, "verdict.json");

    /// <summary>The folder of a study below another.</summary>
    public static StudyFolder Of(string root, Study study) => new(System.IO.Path.Combine([root, .. study.Name.Split('/')]));

    /// <summary>All studies at or below a folder, in the order of their figures.</summary>
    public static ImmutableArray<StudyFolder> Below(string root) => !Directory.Exists(root)
        ? []
        :
        [
            .. Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root)
                .Order(StringComparer.Ordinal)
                .Select(path => new StudyFolder(path))
                .Where(folder => folder.Exists)
                .OrderBy(folder => StudyCatalogue.All.ToList().FindIndex(study => study.Name == folder.Origin!.Study)),
        ];

    /// <summary>Whether a study lies here.</summary>
    public bool Exists => Origin is not null;

    // One footer tells; the tables themselves may be large.
    private Provenance? Origin => StudyTables.Files(Path) is [var first, ..] ? Provenance.Read(ParquetTable.Open(first).Metadata) : null;

    /// <summary>Reads the study.</summary>
    /// <returns>The study, or the sentence that says why there is none.</returns>
    public Result<SavedStudy> Open()
    {
        if (Origin is not { } provenance)
            return Result.Failure<SavedStudy>($"The folder {Path} holds no tables of a figure.");
        return StudyCatalogue.Named(provenance.Study) is { } study
            ? Result.Success(new SavedStudy(study, provenance, StudyTables.Read(Path)))
            : Result.Failure<SavedStudy>($"The tables in {Path} are of '{provenance.Study}', a figure that this program does not know.");
    }

    /// <summary>Saves tables; the picture and the verdict of earlier ones go away.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Save(StudyTables tables, Provenance provenance)
    {
        Directory.CreateDirectory(Path);
        File.Delete(Picture);
        File.Delete(Verdicts);
        tables.Write(Path, provenance.Metadata);
    }
}

/// <summary>A study whose tables were read back: what is drawn and judged.</summary>
/// <param name="Study">Which study.</param>
/// <param name="Provenance">Where the tables come from.</param>
/// <param name="Tables">The tables.</param>
internal sealed record SavedStudy(Study Study, Provenance Provenance, StudyTables Tables)
{
    /// <summary>The verdicts.</summary>
    public ImmutableArray<Verdict> Verdicts => Study.Judge(Tables);

    /// <summary>The picture with its title, as a file of its own.</summary>
    public string Picture => Study.Draw(Tables).Draw(whole: true);

    /// <summary>Draws and judges into a folder.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void WriteTo(StudyFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        Disk.Real.PublishText(folder.Picture, Picture);
        Disk.Real.PublishText(folder.Verdicts, VerdictText.Of(this));
    }
}
