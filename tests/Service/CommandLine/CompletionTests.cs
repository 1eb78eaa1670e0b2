using Grokking.Host.Output;

namespace Grokking.Service.CommandLine;

/// <summary>What a shell is told to complete.</summary>
public class CompletionTests
{
    [Theory]
    [InlineData("grokking sub", "submit")]
    [InlineData("grokking submit gromov/qu", "gromov/quick")]
    [InlineData("grokking submit gromov/quick --prio", "--priority")]
    [InlineData("/somewhere/grokking serve --toke", "--token-file")]
    [InlineData("grokking completion z", "zsh")]
    public void A_line_is_completed(string line, string expected)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "complete", $"{line.Length}", line);
        Assert.Equal((ExitCode.Done, ""), (process.ExitCode, process.Error));
        Assert.Contains(expected, process.Output.Split('\n'));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Every_shell_has_a_script_that_asks_the_program(string shell)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "completion", shell);
        Assert.Equal(ExitCode.Done, process.ExitCode);
        Assert.Contains("grokking complete ", process.Output, StringComparison.Ordinal);
    }

    [BashFact]
    public void Bash_takes_the_script_and_completes_with_it()
    {
        using var folder = new Folder();
        using GrokkingProcess script = GrokkingProcess.Run(folder.Path, "completion", "bash");
        string program = typeof(ExitCode).Assembly.Location;
        File.WriteAllText(folder.File("try.sh"), $"grokking() {{ dotnet '{program}' \"$@\"; }}\n{script.Output}\nCOMP_LINE='grokking pri'; COMP_POINT=12; COMP_WORDS=(grokking pri); COMP_CWORD=1\n_grokking\necho \"${{COMPREPLY[@]}}\"\n");
        using System.Diagnostics.Process bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/bash", [folder.File("try.sh")]) { RedirectStandardOutput = true, WorkingDirectory = folder.Path })!;
        Assert.Equal("prioritise", bash.StandardOutput.ReadToEnd().Trim());
        bash.WaitForExit();
    }

    /// <summary>A fact that needs bash; without it, it is skipped and says so.</summary>
    private sealed class BashFactAttribute : FactAttribute
    {
        public BashFactAttribute()
        {
            if (!File.Exists("/bin/bash"))
                Skip = "There is no /bin/bash.";
        }
    }
}
