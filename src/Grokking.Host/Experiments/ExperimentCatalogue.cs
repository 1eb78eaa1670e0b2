using System.Collections.Immutable;
using Grokking.Host.Configuration;

namespace Grokking.Host.Experiments;

/// <summary>An experiment file that comes with the program.</summary>
/// <param name="Name">The name by which it is asked for, such as <c>gromov/fig1-gd</c>.</param>
/// <param name="Path">The file.</param>
internal sealed record Preset(string Name, string Path);

/// <summary>
/// Finds experiments: presets by name, below <c>data/experiments</c> of the current directory and, behind that, beside the program;
/// anything else as a file.
/// </summary>
internal sealed class ExperimentCatalogue
{
    private const string Ending = ".json";
    private readonly ImmutableArray<string> roots;

    /// <summary>The catalogue of some directories; a name in an earlier one hides the same name in a later one.</summary>
    public ExperimentCatalogue(params ReadOnlySpan<string> roots) => this.roots = [.. roots];

    /// <summary>The catalogue of this process.</summary>
    public static ExperimentCatalogue Default { get; } = new(
        Path.Combine(Environment.CurrentDirectory, "data", "experiments"),
        Path.Combine(AppContext.BaseDirectory, "data", "experiments"));

    /// <summary>All presets, by name.</summary>
    public IReadOnlyList<Preset> Presets => [.. roots
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateFiles(root, $"*{Ending}", SearchOption.AllDirectories)
            // The schema lies at the top, beside the families and not in one.
            .Where(file => Path.GetDirectoryName(file) != root && !file.EndsWith(SweepPresets.Ending, StringComparison.Ordinal))
            .Select(file => new Preset(Path.GetRelativePath(root, file)[..^Ending.Length].Replace('\\', '/'), file)))
        .GroupBy(preset => preset.Name, StringComparer.Ordinal)
        .Select(group => group.First())
        .OrderBy(preset => preset.Name, StringComparer.Ordinal)];

    /// <summary>The text of an experiment.</summary>
    /// <param name="name">A preset's name or a file.</param>
    /// <returns>JSON, or the sentence that says why there is none.</returns>
    public Result<string> Text(string name) => Find(name).Bind(Load);

    /// <summary>The text of a preset; files are not looked for.</summary>
    /// <param name="name">A preset's name.</param>
    /// <returns>JSON, or the sentence that says why there is none.</returns>
    public Result<string> Preset(string name) => Presets.FirstOrDefault(preset => preset.Name == name) is { } found ? Load(found.Path) : Unknown(name);

    private Result<string> Find(string name)
    {
        if (Presets.FirstOrDefault(preset => preset.Name == name) is { } found)
            return Result.Success(found.Path);
        if (SweepPresets.Default.Find(name) is not null)
            return Result.Failure<string>($"'{name}' is a sweep; it is trained with sweep run {name}.");
        if (File.Exists(name))
            return Result.Success(name);
        if (name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) || Path.IsPathRooted(name))
            return Result.Failure<string>($"There is no file '{Excerpt.Of(name)}'; EXPERIMENT must be a preset's name or a JSON file.");
        return Unknown(name);
    }

    private Result<string> Unknown(string name)
    {
        string nearest = NearestName.To(name, Presets.Select(preset => preset.Name));
        string question = nearest.Length == 0 ? "" : $"did you mean '{nearest}'? ";
        string known = string.Join(", ", Presets.Select(preset => preset.Name));
        return Result.Failure<string>($"There is no experiment '{Excerpt.Of(name)}'; {question}known: {known}.");
    }

    /// <summary>Reads a file that is no larger than an experiment may be.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text, or the sentence that says why there is none.</returns>
    public static Result<string> Load(string path)
    {
        try
        {
            long size = new FileInfo(path).Length;
            return size <= Limits.FileBytes
                ? Result.Success(File.ReadAllText(path))
                : Result.Failure<string>($"The file '{path}' has {size} bytes; an experiment has at most {Limits.FileBytes}.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result.Failure<string>($"The file '{path}' cannot be read: {fault.Message}");
        }
    }
}
