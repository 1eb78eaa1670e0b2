using Grokking.Host.Studies;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Studies;

/// <summary>Figures as users have them: from a name to runs, tables, picture and verdict, and all of it again from the tables.</summary>
public class ReproduceTests
{
    // So small that every figure is trained in a moment; what it shows does not matter here. Most of a moment is the start of a program: those with the same settings go together.
    private static readonly string[] Tiny = ["--quick", "--unmeasured", "--set", "task.modulus=11", "--set", "network.width=20", "--set", "budget.steps=12"];

    // Those that a network of one layer with small batches does not do, as they compare batches or draw from three operands, and those whose samples change at step 2,000.
    private static readonly string[] Alone = ["explanations/ungrokking", "pku/e7-three-operands"];

    public static TheoryData<string[]> Together =>
        [.. Alone.Select(name => new[] { name }).Concat(StudyCatalogue.All.Select(study => study.Name).Except(Alone).GroupBy(name => name.Split('/')[0]).Select(family => family.ToArray()))];

    private static string[] TinyFor(string name) => name == Alone[0] ? [.. Tiny, "--set", "budget.steps=2004"]
        : !name.StartsWith("pku/", StringComparison.Ordinal) ? Tiny
        : [.. Tiny, "--set", "network.layers=1", .. name == Alone[1] ? Array.Empty<string>() : ["--set", "batch=5"]];

    [Theory]
    [MemberData(nameof(Together))]
    public void Figures_are_reproduced_by_their_names_and_redrawn_from_their_tables_byte_for_byte(string[] names)
    {
        using var folder = new Folder();
        using GrokkingProcess first = GrokkingProcess.Run(folder.Path, ["reproduce", .. names, .. TinyFor(names[0]), "--json"]);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal("completed", first.Json.GetProperty("status").GetString());
        string[] pictures = [.. first.Json.GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("figure").GetString()!)];
        Assert.Equal(names.Select(name => Path.Combine([folder.File("data", "figures"), .. name.Split('/'), "figure.svg"])).Order(), pictures.Order());
        Dictionary<string, byte[]> before = Contents(folder.File("data", "figures"));

        using GrokkingProcess again = GrokkingProcess.Run(folder.Path, ["reproduce", .. names, .. TinyFor(names[0])]);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("to be trained: 0 runs", again.Error, StringComparison.Ordinal);
        AssertAlike(before, Contents(folder.File("data", "figures")));

        // A figure that is only calculated has no runs.
        if (Directory.Exists(folder.File("data", "runs")))
            Directory.Delete(folder.File("data", "runs"), recursive: true);
        Array.ForEach(pictures, File.Delete);
        using GrokkingProcess redrawn = GrokkingProcess.Run(folder.Path, ["figures", .. names]);
        Assert.True(redrawn.ExitCode == 0, redrawn.Error);
        string report = folder.File("data", "figures", "report.html");
        Assert.Empty(AccessibilityChecker.Faults(File.ReadAllText(report)));
        File.Delete(report);
        AssertAlike(before, Contents(folder.File("data", "figures")));
    }

    [Fact]
    public void A_folder_of_figures_is_redrawn_elsewhere_with_one_report()
    {
        using var folder = new Folder();
        using GrokkingProcess made = GrokkingProcess.Run(folder.Path, ["reproduce", "gromov/fig1", "gromov/fig5", .. Tiny, "--output", "results"]);
        Assert.True(made.ExitCode == 0, made.Error);
        using GrokkingProcess redrawn = GrokkingProcess.Run(folder.Path, "figures", "results", "--output", "elsewhere");
        Assert.True(redrawn.ExitCode == 0, redrawn.Error);

        Assert.Equal(
            Contents(folder.File("results")).Where(file => !file.Key.EndsWith(".parquet", StringComparison.Ordinal)),
            Contents(folder.File("elsewhere")).Where(file => file.Key != "report.html"));
        string report = File.ReadAllText(folder.File("elsewhere", "report.html"));
        Assert.Empty(AccessibilityChecker.Faults(report));
        Assert.Contains("task.modulus=11", report, StringComparison.Ordinal);
        Assert.Contains("id=\"gromov-fig1-dynamics\"", report, StringComparison.Ordinal);
        Assert.Contains("id=\"gromov-fig5-participation\"", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_has_a_report_where_a_folder_is_named_for_it()
    {
        using var folder = new Folder();
        using GrokkingProcess run = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--steps", "20", "--json");
        string id = run.Json.GetProperty("run").GetString()!;

        using GrokkingProcess figures = GrokkingProcess.Run(folder.Path, "figures", id, "--output", "elsewhere");

        Assert.True(figures.ExitCode == 0, figures.Error);
        Assert.Equal(File.ReadAllBytes(folder.File("data", "runs", id, "curves.svg")), File.ReadAllBytes(folder.File("elsewhere", $"{id}.svg")));
        Assert.Empty(AccessibilityChecker.Faults(File.ReadAllText(folder.File("elsewhere", "report.html"))));
    }

    [Theory]
    [InlineData("it must name one", "reproduce", "gromov/f")]
    [InlineData("did you mean 'gromov/fig1-dynamics'?", "reproduce", "gromov/fig1-dinamics")]
    [InlineData("There is no figure 'gromov/figure'", "figures", "gromov/figure")]
    [InlineData("has no tables in", "figures", "gromov/fig1")]
    [InlineData("There is no run 'nothing'", "figures", "nothing")]
    [InlineData("budget.stepps", "reproduce", "gromov/fig1", "--set", "budget.stepps=3")]
    public void Wrong_words_are_refused_before_anything_starts(string expected, params string[] arguments)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, arguments);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains(expected, process.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static void AssertAlike(Dictionary<string, byte[]> before, Dictionary<string, byte[]> after)
    {
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before.Keys, file => Assert.True(before[file].AsSpan().SequenceEqual(after[file]), file));
    }

    private static Dictionary<string, byte[]> Contents(string root) => Directory.GetFiles(root, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetRelativePath(root, path), File.ReadAllBytes);
}
