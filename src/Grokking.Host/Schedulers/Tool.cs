using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Grokking.Host.Schedulers;

/// <summary>A program of a scheduler's, as it is on this machine.</summary>
internal static class Tool
{
    private const int Terminate = 15;

    /// <summary>Runs a program to its end and hears what it says.</summary>
    /// <returns>Its exit code and both outputs; null where there is no such program.</returns>
    public static (int Code, string Output, string Error)? Ask(string program, params IEnumerable<string> words)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs a program to its end; what it says goes where this program's words go.</summary>
    /// <param name="program">The program.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="stop">Cancelled when it is to end: it is asked to, and waited for.</param>
    /// <returns>Its exit code; null where there is no such program.</returns>
    public static int? Run(string program, IEnumerable<string> words, CancellationToken stop)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, words))!;
            using (stop.Register(() => _ = Kill(process.Id, Terminate)))
                process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
