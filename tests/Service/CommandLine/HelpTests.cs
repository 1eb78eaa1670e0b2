using Grokking.Host.Output;

namespace Grokking.Service.CommandLine;

/// <summary>Help for every command.</summary>
public class HelpTests
{
    [Theory]
    [InlineData("sweep", "--help")]
    [InlineData("--print", "sweep", "submit", "slurm", "--help")]
    [InlineData("--host", "sweep", "submit", "parallel", "--help")]
    [InlineData("--shard", "sweep", "run", "--help")]
    [InlineData("RUN", "status", "--help")]
    [InlineData("RUN", "resume", "--help")]
    public void A_command_explains_itself(string expected, params string[] words)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, words);
        Assert.Equal((ExitCode.Done, ""), (process.ExitCode, process.Error));
        Assert.Contains(expected, process.Output, StringComparison.Ordinal);
    }
}
