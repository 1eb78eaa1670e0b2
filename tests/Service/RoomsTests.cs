using System.Text.RegularExpressions;

namespace Grokking.Service;

/// <summary>The picture that the imports draw: rooms are the folders of a project, and an arrow is a using line.</summary>
public sealed partial class RoomsTests
{
    [Theory]
    [InlineData("Grokking.Model", "Grokking", 6)]
    [InlineData("Grokking.Host", "Grokking.Host", 6)]
    [InlineData("Grokking.Cuda", "Grokking.Cuda", 3)]
    public void The_rooms_of_a_project_use_each_other_in_no_circle(string project, string root, int least)
    {
        ILookup<string, string> arrows = Arrows(project, root);
        Assert.True(arrows.Count >= least);
        Assert.Empty(arrows.SelectMany(room => Circle(arrows, [room.Key])));
    }

    [Fact]
    public void A_circle_is_found()
    {
        ILookup<string, string> arrows = new[] { ("A", "B"), ("B", "C"), ("C", "B") }.ToLookup(pair => pair.Item1, pair => pair.Item2);
        Assert.Empty(Circle(arrows, ["A"]));
        Assert.Equal(["B", "C", "B"], Circle(arrows, ["B"]));
    }

    [Fact]
    public void No_file_of_the_sources_has_four_hundred_lines() =>
        Assert.All(Files(""), file => Assert.InRange(File.ReadLines(file).Count(), 1, 399));

    // The way back to where the path began; empty where there is none.
    private static string[] Circle(ILookup<string, string> arrows, string[] path)
    {
        foreach (string next in arrows[path[^1]].Order(StringComparer.Ordinal))
        {
            if (next == path[0])
                return [.. path, next];
            if (!path.Contains(next) && Circle(arrows, [.. path, next]) is { Length: > 0 } found)
                return found;
        }

        return [];
    }

    private static ILookup<string, string> Arrows(string project, string root) => Files(project)
        .Select(File.ReadAllText)
        .SelectMany(text => Using().Matches(text).Select(match => (From: Room(Namespace().Match(text).Groups[1].Value, root), To: Room(match.Groups[1].Value, root))))
        .Where(arrow => arrow.From.Length > 0 && arrow.To.Length > 0 && arrow.From != arrow.To)
        .Distinct()
        .ToLookup(arrow => arrow.From, arrow => arrow.To);

    // Grokking.Engine.Cpu is a corner of the room Engine.
    private static string Room(string name, string root) => name.StartsWith($"{root}.", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : "";

    private static IEnumerable<string> Files(string project) => Directory
        .EnumerateFiles(Path.Combine(Repository(), "src", project), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Grokking.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
