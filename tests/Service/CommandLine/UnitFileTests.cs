using System.Diagnostics;

namespace Grokking.Service.CommandLine;

/// <summary>The unit file for systemd, judged by systemd's own tools.</summary>
public sealed class UnitFileTests
{
    // On a scale to 10; 1.2 when this was written, of which a network and a web server make most.
    private const double MostExposure = 1.5;

    [SystemdFact]
    public void It_is_well_formed()
    {
        using var folder = new Folder();
        (int code, string said) = Analyze(folder, "verify");
        Assert.Equal((0, ""), (code, said));
    }

    [SystemdFact]
    public void It_exposes_little()
    {
        using var folder = new Folder();
        (int code, string said) = Analyze(folder, "security", "--offline=true", $"--threshold={MostExposure * 10:0}", "--no-pager");
        Assert.True(code == 0, said);
        Assert.Contains("Overall exposure level", said, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_what_the_service_counts_on()
    {
        string[] lines = File.ReadAllLines(Unit);
        foreach (string line in new[] { "Type=notify", "KillSignal=SIGTERM", "SuccessExitStatus=75", "Restart=on-failure", "StateDirectory=grokking", "MemoryDenyWriteExecute=no", "SystemCallFilter=sched_setaffinity" })
            Assert.Contains(line, lines);
        Assert.Contains(lines, line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal));
        // Leases look up their holders there.
        Assert.DoesNotContain(lines, line => line.StartsWith("ProtectProc=", StringComparison.Ordinal) || line.StartsWith("ProcSubset=", StringComparison.Ordinal));
    }

    private static string Unit
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Grokking.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "packaging", "grokking.service");
        }
    }

    private static (int Code, string Said) Analyze(Folder folder, params string[] words)
    {
        // Whether .NET lies where the file says is another machine's matter.
        string copy = folder.File("grokking.service");
        File.WriteAllText(copy, File.ReadAllText(Unit).Replace("/usr/bin/dotnet ", "/bin/true ", StringComparison.Ordinal));
        using Process process = Process.Start(new ProcessStartInfo(SystemdFactAttribute.Analyze, [.. words, copy]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    /// <summary>A fact that needs systemd's tools; without them, it is skipped and says so.</summary>
    private sealed class SystemdFactAttribute : FactAttribute
    {
        public const string Analyze = "/usr/bin/systemd-analyze";

        public SystemdFactAttribute()
        {
            if (!File.Exists(Analyze))
                Skip = $"There is no {Analyze}.";
        }
    }
}
