using System.Collections.Immutable;

namespace Grokking.Host.Experiments;

/// <summary>
/// Finds the sweeps that come with the program: files <c>*.sweep.json</c> beside the presets of experiments, named without that ending.
/// </summary>
internal sealed class SweepPresets
{
    /// <summary>How such a file's name ends.</summary>
    public const string Ending = ".sweep.json";

    private readonly ImmutableArray<string> roots;

    /// <summary>The presets of some directories; a name in an earlier one hides the same name in a later one.</summary>
    public SweepPresets(params ReadOnlySpan<string> roots) => this.roots = [.. roots];

    /// <summary>The presets of this process.</summary>
    public static SweepPresets Default { get; } = new(
        Path.Combine(Environment.CurrentDirectory, "data", "experiments"),
        Path.Combine(AppContext.BaseDirectory, "data", "experiments"));

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<Preset> All => [.. roots
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateFiles(root, $"*{Ending}", SearchOption.AllDirectories)
            .Select(file => new Preset(Path.GetRelativePath(root, file)[..^Ending.Length].Replace('\\', '/'), file)))
        .GroupBy(preset => preset.Name, StringComparer.Ordinal)
        .Select(group => group.First())
        .OrderBy(preset => preset.Name, StringComparer.Ordinal)];

    /// <summary>A preset by its name; null where there is none.</summary>
    public Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);
}
