using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>What the common options were given as.</summary>
/// <param name="Data">The directory that holds everything that is written.</param>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="Json">Whether the last line of standard output is to be one JSON object.</param>
/// <param name="Engine">What trains a run in the foreground.</param>
internal sealed record CommonSettings(string Data, int Threads, bool Json, MachineMaker Engine);

/// <summary>Options that several commands share.</summary>
/// <param name="terminal">Where it is said that the processor trains in place of a device.</param>
internal sealed class CommonOptions(Terminal terminal)
{
    /// <summary><c>--data DIR</c>, before or after the command: an option of the whole program.</summary>
    public Option<string> Data { get; } = FolderOption.Checked(new Option<string>("--data")
    {
        Description = "The directory that holds everything that is written.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
        Recursive = true,
    });

    /// <summary><c>--threads N</c>.</summary>
    public Option<long?> Threads { get; } = NumberOption.Create(
        "--threads",
        1,
        Limits.Threads,
        $"Threads of the engine (default: the physical processors, here {Processors.Physical}); results do not depend on it.");

    /// <summary><c>--json</c>.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Writes one JSON object as the last line of standard output." };

    /// <summary>Which engine trains.</summary>
#if DIFFSHARP
    public EngineOptions Engine { get; } = new DiffSharpOptions(terminal);
#else
    public EngineOptions Engine { get; } = new(terminal);
#endif

    /// <summary>What was given.</summary>
    public CommonSettings Of(ParseResult parsed)
    {
        var threads = (int)(parsed.GetValue(Threads) ?? Processors.Physical);
        return new(parsed.GetValue(Data)!, threads, parsed.GetValue(Json), Engine.Of(parsed, threads));
    }
}
