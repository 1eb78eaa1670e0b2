using System.Diagnostics;
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
    [InlineData("grokking sweep sub", "submit")]
    [InlineData("grokking sweep submit kub", "kubernetes")]
    [InlineData("grokking sweep submit slurm --sb", "--sbatch")]
    [InlineData("grokking sweep run x --sha", "--shards")]
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

    [ShellTheory("/usr/bin/fish")]
    [InlineData("grokking pri", "prioritise")]
    [InlineData("grokking submit gromov/qu", "gromov/quick")]
    [InlineData("grokking submit gromov/quick --prio", "--priority")]
    [InlineData("echo one | grokking serve --toke", "--token-file")]
    public void Fish_takes_the_script_and_completes_with_it(string line, string expected)
    {
        using var folder = new Folder();
        Prepare(folder, "fish");
        File.WriteAllText(folder.File("try.fish"), $"function grokking; dotnet '{Program}' $argv; end\nsource script\ncomplete -C '{line}'\n");
        // Behind a tab stands a description, where there is one.
        Assert.Contains(expected, Say(folder, "/usr/bin/fish", "--no-config", "try.fish").Split('\n').Select(each => each.Split('\t')[0]));
    }

    /// <summary>This shell completes only where somebody types, so that it is given a terminal and a Tab.</summary>
    [ShellTheory("/usr/bin/zsh")]
    [InlineData("grokking pri", "grokking prioritise")]
    [InlineData("grokking submit gromov/qu", "grokking submit gromov/quick")]
    [InlineData("grokking submit gromov/quick --prio", "grokking submit gromov/quick --priority")]
    [InlineData("true && grokking serve --toke", "grokking serve --token-file")]
    public void Zsh_takes_the_script_and_completes_with_it(string line, string expected)
    {
        using var folder = new Folder();
        Prepare(folder, "zsh");
        File.WriteAllText(folder.File("try.zsh"), $$"""
            zmodload zsh/zpty
            zpty typist zsh -f -i
            zpty -w typist "PS1=; autoload -Uz compinit; compinit -u -D; grokking() { dotnet '{{Program}}' \"\$@\"; }; source script; echo re''ady"
            while zpty -r typist said; do [[ $said == *ready* ]] && break; done
            zpty -w -n typist '{{line}}'$'\t'
            found=""
            for wait in {1..600}; do
                while zpty -r -t typist said; do found+="$said"; done
                [[ $found == *"{{expected}}"* ]] && break
                sleep 0.1
            done
            zpty -d typist
            print -r -- "${(V)found}"
            """);
        Assert.Contains(expected, Say(folder, "/usr/bin/zsh", "-f", "try.zsh"), StringComparison.Ordinal);
    }

    [ShellFact("/usr/bin/pwsh")]
    public void Powershell_takes_the_script_and_completes_with_it()
    {
        using var folder = new Folder();
        Prepare(folder, "pwsh");
        File.WriteAllText(folder.File("try.ps1"), $"function grokking {{ dotnet '{Program}' @args }}\nGet-Content script -Raw | Invoke-Expression\n(TabExpansion2 'grokking pri' 12).CompletionMatches.CompletionText\n");
        Assert.Contains("prioritise", Say(folder, "/usr/bin/pwsh", "-NoProfile", "-File", "try.ps1").Split('\n'));
    }

    [ShellFact("/bin/bash")]
    public void Bash_takes_the_script_and_completes_with_it()
    {
        using var folder = new Folder();
        Prepare(folder, "bash");
        File.WriteAllText(folder.File("try.sh"), $"grokking() {{ dotnet '{Program}' \"$@\"; }}\nsource ./script\nCOMP_LINE='grokking pri'; COMP_POINT=12; COMP_WORDS=(grokking pri); COMP_CWORD=1\n_grokking\necho \"${{COMPREPLY[@]}}\"\n");
        Assert.Equal("prioritise", Say(folder, "/bin/bash", "try.sh").Trim());
    }

    private static string Program => typeof(ExitCode).Assembly.Location;

    private static void Prepare(Folder folder, string shell)
    {
        using GrokkingProcess script = GrokkingProcess.Run(folder.Path, "completion", shell);
        File.WriteAllText(folder.File("script"), script.Output);
    }

    private static string Say(Folder folder, string shell, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, WorkingDirectory = folder.Path })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>A fact that needs a shell; without it, it is skipped and says so.</summary>
    private sealed class ShellFactAttribute : FactAttribute
    {
        public ShellFactAttribute(string shell)
        {
            if (!File.Exists(shell))
                Skip = $"There is no {shell}.";
        }
    }

    /// <summary>The same for several cases.</summary>
    private sealed class ShellTheoryAttribute : TheoryAttribute
    {
        public ShellTheoryAttribute(string shell)
        {
            if (!File.Exists(shell))
                Skip = $"There is no {shell}.";
        }
    }
}
