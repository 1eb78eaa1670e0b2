using System.Collections.Immutable;
using System.CommandLine;
using Grokking.Host.Schedulers;

namespace Grokking.Host.Commands;

/// <summary>What starts this program on the machines of a cluster: the file that runs here, other words, or a container.</summary>
internal sealed class ShardProgramOptions
{
    private readonly Option<string?> program = new("--program")
    {
        Description = "The words that start this program on the machines (default: those by which it runs here).",
        HelpName = "WORDS",
    };

    private readonly Option<string?> container = new("--container")
    {
        Description = "An image that Apptainer starts, with the program where packaging/Containerfile puts it.",
        HelpName = "IMAGE",
    };

    /// <summary>Gives them to a command.</summary>
    public ShardProgramOptions(Command command)
    {
        foreach (Option<string?> option in new[] { program, container })
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value) || token.Value.Any(char.IsControl)))
                    result.AddError($"{option.Name} is empty or has more than one line; it must be words that a shell could start.");
            });
            command.Add(option);
        }
    }

    /// <summary>The task with what starts it.</summary>
    public ShardTask Of(ParseResult parsed, ShardTask task)
    {
        string? image = parsed.GetValue(container);
        ImmutableArray<string> words = parsed.GetValue(program) is { } given ? [.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
            : image is null ? ProgramName.Absolute
            : KubernetesJob.Program;
        return task with { Program = words, Container = image };
    }
}
