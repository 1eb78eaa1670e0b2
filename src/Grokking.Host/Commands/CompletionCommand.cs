using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Grokking.Host.Experiments;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>completion SHELL</c>: what a shell must know so that it completes commands, options, presets and runs; it asks the program itself, by <c>complete</c>.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # grokking completion bash > /etc/bash_completion.d/grokking, or: source <(grokking completion bash)
            _grokking() {
                local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
                COMPREPLY=($(compgen -W "$(grokking complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _grokking grokking
            """,
        ["zsh"] = """
            #compdef grokking
            # grokking completion zsh > "${fpath[1]}/_grokking", or: source <(grokking completion zsh)
            _grokking() {
                local -a found
                local line="${(j: :)words[1,CURRENT]}"
                found=("${(@f)$(grokking complete "${#line}" "$line" 2>/dev/null)}")
                compadd -a found || _files
            }
            compdef _grokking grokking
            """,
        ["fish"] = """
            # grokking completion fish > ~/.config/fish/completions/grokking.fish
            complete -c grokking -a '(set -l line (commandline -cp | string collect); grokking complete (string length -- "$line") "$line" 2>/dev/null)'
            """,
        ["pwsh"] = """
            # grokking completion pwsh | Out-String | Invoke-Expression, in your $PROFILE
            Register-ArgumentCompleter -Native -CommandName grokking -ScriptBlock {
                param($word, $tree, $position)
                grokking complete $position "$tree" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    /// <summary>Makes <c>completion</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", Scripts.Keys)}." };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && !Scripts.ContainsKey(word.Value))
                result.AddError($"SHELL is {word.Value}; it must be {string.Join(", ", Scripts.Keys)}.");
        });
        var command = new Command("completion", "Prints what a shell must know to complete commands, options, presets and runs.") { shell };
        command.SetAction(parsed => terminal.Data(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }

    /// <summary>Makes <c>complete</c>, which only shells call.</summary>
    public static Command CreateAnswer(Terminal terminal)
    {
        var position = new Argument<string>("POSITION");
        var line = new Argument<string>("LINE");
        var command = new Command("complete", "Completes a line.") { position, line };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            string text = parsed.GetRequiredValue(line);
            if (!int.TryParse(parsed.GetRequiredValue(position), NumberStyles.None, CultureInfo.InvariantCulture, out int at))
                return ExitCode.Usage;
            at = Math.Min(at, text.Length);
            // A line that goes on behind the cursor is completed as if it ended there; a shell's line begins with the program's name.
            string before = text[..at];
            string[] words = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string rest = before[(before.IndexOf(words.FirstOrDefault() ?? "", StringComparison.Ordinal) + (words.FirstOrDefault()?.Length ?? 0))..].TrimStart();
            foreach (CompletionItem item in parsed.RootCommandResult.Command.Parse(rest).GetCompletions(rest.Length))
                terminal.Data(item.InsertText ?? item.Label);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The presets.</summary>
    public static IEnumerable<CompletionItem> Presets(CompletionContext context) => ExperimentCatalogue.Default.Presets.Select(preset => new CompletionItem(preset.Name));
}
