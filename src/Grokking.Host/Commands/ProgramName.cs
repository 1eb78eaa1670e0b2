using System.Collections.Immutable;

namespace Grokking.Host.Commands;

/// <summary>How whoever reads a hint can start this program again.</summary>
internal static class ProgramName
{
    private const string Short = "grokking";

    /// <summary>The short name where the shell would find it, else the file that runs now.</summary>
    public static string Current { get; } = Of(
        Environment.ProcessPath ?? Short,
        typeof(ProgramName).Assembly.Location,
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        Environment.CurrentDirectory);

    /// <summary>The words that start the file that runs now, wherever they are typed.</summary>
    public static ImmutableArray<string> Absolute { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) is null or Short
        ? [Environment.ProcessPath ?? Short]
        : [Environment.ProcessPath!, typeof(ProgramName).Assembly.Location];

    /// <summary>The words that start a program.</summary>
    /// <param name="process">The running file: the program itself, or the runtime that was given its assembly.</param>
    /// <param name="assembly">The program's assembly.</param>
    /// <param name="searched">The folders that a shell looks into.</param>
    /// <param name="current">The folder in which the words are typed.</param>
    internal static string Of(string process, string assembly, IEnumerable<string> searched, string current)
    {
        if (Path.GetFileNameWithoutExtension(process) != Short)
            return $"dotnet {Typed(assembly, current)}";
        return searched.Contains(Path.GetDirectoryName(process)) ? Short : Typed(process, current);
    }

    private static string Typed(string file, string current)
    {
        string near = Path.GetRelativePath(current, file);
        string shown = near.StartsWith("..", StringComparison.Ordinal) ? file
            : near.Contains(Path.DirectorySeparatorChar) ? near
            : Path.Combine(".", near);
        return shown.Contains(' ') ? $"\"{shown}\"" : shown;
    }
}
