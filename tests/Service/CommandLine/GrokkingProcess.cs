using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grokking.Host.Runs;

namespace Grokking.Service.CommandLine;

/// <summary>The built program as a process of its own.</summary>
internal sealed class GrokkingProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Tests run side by side: programs that each took all processors would mostly wait for their own threads. What is timed runs alone, and has the machine.
    private static readonly bool IsTimed = Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(name => name.StartsWith("GROKKING_", StringComparison.Ordinal) && name.EndsWith("_TABLE", StringComparison.Ordinal));
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    public GrokkingProcess(string directory, params IEnumerable<string> arguments)
        : this(directory, arguments, [])
    {
    }

    /// <summary>Starts the program with some more variables in its environment.</summary>
    public GrokkingProcess(string directory, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RunRecord).Assembly.Location, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!IsTimed)
            start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Collect(output, line.Data);
        process.ErrorDataReceived += (_, line) => Collect(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Text(output);

    public string Error => Text(error);

    /// <summary>The last line of the output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    /// <summary>Runs the program to its end.</summary>
    public static GrokkingProcess Run(string directory, params IEnumerable<string> arguments)
    {
        var process = new GrokkingProcess(directory, arguments);
        process.Wait();
        return process;
    }

    public int Wait()
    {
        Assert.True(process.WaitForExit(Patience), $"The program did not end. It said:\n{Error}");
        // Only this overload also waits for the last lines.
        process.WaitForExit();
        return process.ExitCode;
    }

    public int ExitCode => process.ExitCode;

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    public void Terminate() => Signal(15);

    /// <summary>Sends a signal by its number.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(process.Id, signal));

    /// <summary>Has it stand still, as a machine does that is suspended.</summary>
    public void Suspend() => Assert.Equal(0, Kill(process.Id, 19));

    /// <summary>Has it go on after <see cref="Suspend"/>.</summary>
    public void WakeUp() => Assert.Equal(0, Kill(process.Id, 18));

    public void KillHard() => process.Kill();

    /// <summary>Waits until something is true, while the program runs.</summary>
    public void WaitFor(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            // It may have come true with the program's last act.
            Assert.True(!process.HasExited || condition(), $"The program ended before {what}. It said:\n{Error}");
            Assert.True(watch.Elapsed < Patience, $"Waited too long for {what}. The program said:\n{Error}");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static void Collect(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
                text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
