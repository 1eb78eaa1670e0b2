using System.Diagnostics;
using System.Globalization;

namespace Grokking.Host.Runs;

/// <summary>Tells whether a process still lives, without mistaking another for it that was given its number.</summary>
internal static class ProcessIdentity
{
    private const int StateField = 2;
    private const int StartField = 21;

    /// <summary>Within which processes are told apart by their numbers: one boot of one machine, and where there are several such worlds, one of them.</summary>
    public static string Scope { get; } = OperatingSystem.IsLinux()
        ? $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {new FileInfo("/proc/self/ns/pid").LinkTarget}"
        : Environment.MachineName;

    /// <summary>When this process began, in whatever unit the operating system has; together with its number it is unique in its scope.</summary>
    public static string Start { get; } = StartOf(Environment.ProcessId) ?? "";

    /// <summary>Whether a process of this scope lives.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="start">When it began.</param>
    public static bool Lives(int process, string start) => StartOf(process) is { } found && found == start;

    /// <summary>When a process began; null where none of this number lives.</summary>
    public static string? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
                // The second field is the program's name in parentheses and may hold anything.
                string[] fields = ["", .. status[(status.LastIndexOf(')') + 1)..].Split(' ')];
                return fields[StateField] is "Z" or "X" ? null : fields[StartField];
            }

            using Process other = Process.GetProcessById(process);
            // To the second, for some systems work it out anew each time.
            return other.StartTime.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
