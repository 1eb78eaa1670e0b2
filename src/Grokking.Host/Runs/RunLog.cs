using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Json;

namespace Grokking.Host.Runs;

/// <summary>
/// Log files, of a run and of the service: a JSON object per line, with its time, level, sentence and properties; whatever is about a run has its id as the property
/// <c>Run</c>. One file a day, at most ten megabytes each, the newest thirty.
/// </summary>
internal static class RunLog
{
    private const long LargestFile = 10_000_000;
    private const int MostFiles = 30;

    /// <summary>Opens the log of a run.</summary>
    public static Logger Create(RunDirectory directory, string run) =>
        new LoggerConfiguration().Enrich.WithProperty("Run", run).ToFiles(directory.Logs, "run").CreateLogger();

    /// <summary>Has events written to files.</summary>
    /// <param name="log">Whose events.</param>
    /// <param name="directory">The directory of the files.</param>
    /// <param name="name">What their names begin with.</param>
    public static LoggerConfiguration ToFiles(this LoggerConfiguration log, string directory, string name) => log.WriteTo.File(
        new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
        Path.Combine(directory, $"{name}-.jsonl"),
        rollingInterval: RollingInterval.Day,
        rollOnFileSizeLimit: true,
        fileSizeLimitBytes: LargestFile,
        retainedFileCountLimit: MostFiles);
}
