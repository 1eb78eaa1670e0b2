using System.Globalization;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>
/// Shows training to the person who started it: one line that is rewritten in place on a terminal, a plain line every few seconds elsewhere.
/// </summary>
/// <param name="terminal">Where to write.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLine(Terminal terminal, TimeProvider time) : IRunObserver
{
    private const string RewriteLine = "\r\u001b[K";
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forecast = TimeSpan.FromSeconds(1);
    private long lastShown = time.GetTimestamp();
    private long? started;
    private bool lineIsOpen;

    /// <inheritdoc/>
    public void Started(RunDirectory directory, long step)
    {
        terminal.Say(step == 0 ? $"training in {directory.Path}" : $"going on from step {step} in {directory.Path}");
        started = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Progressed(RunProgress progress)
    {
        // Said once, as soon as there is a rate to judge by.
        if (started is { } start && time.GetElapsedTime(start) >= Forecast && progress.Remaining is { } remaining)
        {
            started = null;
            CloseLine();
            terminal.Say($"{progress.Budget - progress.Step} steps are left at most: about {Estimate.Words(remaining.TotalSeconds)} at this speed");
        }

        if (time.GetElapsedTime(lastShown) < (terminal.ErrorIsTerminal ? Redraw : PlainInterval))
            return;
        lastShown = time.GetTimestamp();
        if (!terminal.ErrorIsTerminal)
        {
            terminal.Say(Text(progress));
            return;
        }

        terminal.Error.Write($"{RewriteLine}{Fitting(progress, Terminal.Width - 1)}");
        lineIsOpen = true;
    }

    /// <inheritdoc/>
    public void Warned(string sentence)
    {
        CloseLine();
        terminal.Say($"warning: {sentence}");
    }

    /// <inheritdoc/>
    public void Ended(RunRecord record) => CloseLine();

    /// <summary>The progress in one line.</summary>
    internal static string Text(RunProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"step {progress.Step}/{progress.Budget}  {progress.StepsPerSecond:0.#} steps/s  ETA {Duration(progress.Remaining)}")
        + string.Create(CultureInfo.InvariantCulture, $"  train {progress.TrainAccuracy:P1}  test {progress.TestAccuracy:P1}");

    /// <summary>The progress in a line of so many columns: the less important goes first, what is still too long is cut.</summary>
    internal static string Fitting(RunProgress progress, int columns)
    {
        string[] lines =
        [
            Text(progress),
            string.Create(CultureInfo.InvariantCulture, $"{progress.Step}/{progress.Budget}  ETA {Duration(progress.Remaining)}  ")
                + string.Create(CultureInfo.InvariantCulture, $"train {progress.TrainAccuracy:P0}  test {progress.TestAccuracy:P0}"),
            string.Create(CultureInfo.InvariantCulture, $"{progress.Step}  train {progress.TrainAccuracy:P0}  test {progress.TestAccuracy:P0}"),
        ];
        string line = lines.FirstOrDefault(text => text.Length <= columns) ?? lines[^1];
        return line[..Math.Clamp(columns, 0, line.Length)];
    }

    /// <summary>A time in few letters.</summary>
    internal static string Duration(TimeSpan? time) => time switch
    {
        null => "–",
        { TotalHours: >= 24 } t => string.Create(CultureInfo.InvariantCulture, $"{(int)t.TotalDays}d {t.Hours:00}h"),
        { TotalHours: >= 1 } t => string.Create(CultureInfo.InvariantCulture, $"{t.Hours}h {t.Minutes:00}m"),
        { } t => string.Create(CultureInfo.InvariantCulture, $"{t.Minutes}m {t.Seconds:00}s"),
    };

    private void CloseLine()
    {
        if (lineIsOpen)
            terminal.Error.WriteLine();
        lineIsOpen = false;
    }
}
