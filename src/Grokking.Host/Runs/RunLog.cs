using System.Globalization;
using Serilog;
using Serilog.Core;

namespace Grokking.Host.Runs;

/// <summary>The log files of a run.</summary>
internal static class RunLog
{
    /// <summary>The form of a line in every log file.</summary>
    public const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {Message:lj} {Properties:j}{NewLine}{Exception}";

    private const long LargestFile = 10_000_000;

    /// <summary>Opens the log of a run: one file a day, at most ten megabytes each, the newest thirty.</summary>
    public static Logger Create(RunDirectory directory, string run) => new LoggerConfiguration()
        .Enrich.WithProperty("Run", run)
        .WriteTo.File(
            Path.Combine(directory.Logs, "run-.log"),
            formatProvider: CultureInfo.InvariantCulture,
            outputTemplate: Template,
            rollingInterval: RollingInterval.Day,
            rollOnFileSizeLimit: true,
            fileSizeLimitBytes: LargestFile,
            retainedFileCountLimit: 30)
        .CreateLogger();
}
