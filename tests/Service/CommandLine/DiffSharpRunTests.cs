using Grokking.Host.Runs;
using Grokking.Service.Training;

namespace Grokking.Service.CommandLine;

/// <summary>The command line of a build with DiffSharp. Compiled with -p:UseDiffSharp=true only.</summary>
public class DiffSharpRunTests
{
    private static readonly string[] Run = ["run", "gromov/quick", "--set", "network.width=12", "--steps", "30", "--json"];

    [Fact]
    public void A_run_on_DiffSharp_leaves_the_files_and_the_numbers_of_a_run_on_our_engine()
    {
        using var folder = new Folder();
        using GrokkingProcess ours = GrokkingProcess.Run(folder.Path, [.. Run, "--set", "precision=double", "--output", "ours"]);
        using GrokkingProcess theirs = GrokkingProcess.Run(folder.Path, [.. Run, "--engine", "diffsharp", "--dtype", "float64", "--output", "theirs"]);

        Assert.True((ours.ExitCode, theirs.ExitCode) == (0, 0), theirs.Error);
        Assert.Equal(ours.Json.EnumerateObject().Select(member => member.Name), theirs.Json.EnumerateObject().Select(member => member.Name));
        Assert.All(["run", "status", "stop_reason", "memorised_step"], name => Assert.Equal(Member(ours, name), Member(theirs, name)));
        Assert.All(["train_loss", "test_loss", "test_accuracy"], name =>
            Assert.Equal(ours.Json.GetProperty(name).GetDouble(), theirs.Json.GetProperty(name).GetDouble(), 1e-9));
        Assert.Equal(Files(folder, "ours"), Files(folder, "theirs"));
        Assert.Equal(Enumerable.Range(0, 31).Select(step => (long?)step), RunFiles.Steps(new RunDirectory(Path.Combine(folder.Path, "theirs"))));
        Assert.StartsWith("DiffSharp 1.0.7 ", Record(folder, "theirs").Environment.NumericsProfile, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_DiffSharps_alone_is_refused_with_our_engine()
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, [.. Run, "--dtype", "float64"]);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("--dtype is DiffSharp's; it goes with --engine diffsharp.", process.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("--engine torch", "--engine is 'torch'; it must be one of own, diffsharp.")]
    [InlineData("--engine diffsharp --device tpu", "--device is 'tpu'; it must be one of cpu, cuda, auto.")]
    [InlineData("--engine diffsharp --dtype float16", "--dtype is 'float16'; it must be one of float32, float64.")]
    [InlineData("--engine diffsharp --device cuda --precision tf32", "--precision is our own engine's; DiffSharp's is --dtype.")]
    public void An_unknown_choice_is_refused_with_the_known_ones(string options, string sentence)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, [.. Run, .. options.Split(' ')]);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(sentence, process.Error, StringComparison.Ordinal);
    }

    private static string Member(GrokkingProcess process, string name) => process.Json.GetProperty(name).GetRawText();

    private static RunRecord Record(Folder folder, string run) => RunRecord.Read(new RunDirectory(Path.Combine(folder.Path, run))).OrThrow();

    private static IEnumerable<string> Files(Folder folder, string run) => Directory
        .GetFiles(Path.Combine(folder.Path, run), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Path.Combine(folder.Path, run), file))
        .Where(file => !file.StartsWith("logs", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);
}
