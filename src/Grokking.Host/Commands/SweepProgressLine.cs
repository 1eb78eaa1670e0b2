using System.Globalization;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>
/// Shows a sweep to the person who started it: one line for all runs, rewritten in place on a terminal, a plain line every few seconds elsewhere.
/// </summary>
internal sealed class SweepProgressLine : ISweepObserver
{
    private const string RewriteLine = "\r\u001b[K";
    private const int MostWarnings = 5;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly Lock turn = new();
    private readonly Terminal terminal;
    private readonly TimeProvider time;
    private readonly Dictionary<string, RunCost> costs;
    private readonly Dictionary<string, (long Step, double Rate)> running = [];
    private readonly HashSet<string> known;
    private readonly int runs;
    private long? start;
    private double operationsLeft;
    private double operationsDone;
    private int completed;
    private int failed;
    private int warnings;
    private long lastShown;
    private bool lineIsOpen;

    /// <summary>Begins.</summary>
    /// <param name="left">The runs that are to be trained, and the steps that are behind them.</param>
    /// <param name="runs">How many runs the sweep has in all.</param>
    /// <param name="known">Warnings that need not be said again.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="time">The clock.</param>
    public SweepProgressLine(
        IReadOnlyCollection<(SweepPoint Point, PlannedRun Run, long Step)> left,
        int runs,
        IReadOnlySet<string> known,
        Terminal terminal,
        TimeProvider time)
    {
        (this.terminal, this.time, this.runs, this.known, completed) = (terminal, time, runs, [.. known], runs - left.Count);
        var ofPoints = new RunCosts();
        costs = left.ToDictionary(each => each.Run.Run, each => ofPoints.Of(each.Point));
        operationsLeft = left.Sum(each => costs[each.Run.Run].After(each.Step));
        lastShown = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public IRunObserver Listen(string run) => new Listener(this, run);

    /// <inheritdoc/>
    public void Ended(RunEnd end)
    {
        lock (turn)
        {
            // What a run did not need is not left either.
            if (running.Remove(end.Run, out (long Step, double Rate) last) && end.Record?.Status is RunStatus.Completed)
                operationsLeft -= costs[end.Run].After(last.Step);
            completed += end.Record?.Status == RunStatus.Completed ? 1 : 0;
            failed += end.Failed ? 1 : 0;
            if (completed + failed == runs || terminal.ErrorIsTerminal)
                Show(now: true);
        }
    }

    /// <inheritdoc/>
    public void Waiting(int count)
    {
        lock (turn)
            Show(now: false, $"  waiting for {count} {(count == 1 ? "run" : "runs")} of other processes");
    }

    /// <summary>Ends the line.</summary>
    public void Close()
    {
        lock (turn)
        {
            CloseLine();
            if (warnings > MostWarnings)
                terminal.Say($"warning: {warnings - MostWarnings} more warnings are in the logs of the runs");
        }
    }

    /// <summary>The progress in one line.</summary>
    internal string Text()
    {
        // The first moments are too few to judge by.
        double seconds = start is { } first ? time.GetElapsedTime(first).TotalSeconds : 0;
        double perSecond = seconds >= 1 ? operationsDone / seconds : 0;
        double left = perSecond > 0 ? operationsLeft / perSecond : double.PositiveInfinity;
        string eta = ProgressLine.Duration(left < 1e9 ? TimeSpan.FromSeconds(left) : null);
        double rate = running.Values.Sum(each => each.Rate);
        return string.Create(CultureInfo.InvariantCulture, $"{completed}/{runs} runs  {running.Count} running  {rate:0.#} steps/s  ETA at most {eta}")
            + (failed > 0 ? $"  {failed} failed" : "");
    }

    private void Began(string run, long step)
    {
        lock (turn)
        {
            start ??= time.GetTimestamp();
            running[run] = (step, 0);
        }
    }

    private void Progressed(string run, RunProgress progress)
    {
        lock (turn)
        {
            if (!running.TryGetValue(run, out (long Step, double Rate) last))
                return;
            double operations = costs[run].After(last.Step) - costs[run].After(progress.Step);
            operationsDone += operations;
            operationsLeft -= operations;
            running[run] = (progress.Step, progress.StepsPerSecond);
            Show(now: false);
        }
    }

    private void Warned(string run, string sentence)
    {
        lock (turn)
        {
            // What many runs have to say alike, such as that their device was lost, is said by the first of them.
            if (!known.Add(sentence) || ++warnings > MostWarnings)
                return;
            CloseLine();
            terminal.Say($"warning: {run}: {sentence}");
        }
    }

    private void Show(bool now, string more = "")
    {
        if (!now && time.GetElapsedTime(lastShown) < (terminal.ErrorIsTerminal ? Redraw : PlainInterval))
            return;
        lastShown = time.GetTimestamp();
        string line = Text() + more;
        if (!terminal.ErrorIsTerminal)
        {
            terminal.Say(line);
            return;
        }

        terminal.Error.Write($"{RewriteLine}{line[..Math.Clamp(Terminal.Width - 1, 0, line.Length)]}");
        lineIsOpen = true;
    }

    private void CloseLine()
    {
        if (lineIsOpen)
            terminal.Error.WriteLine();
        lineIsOpen = false;
    }

    private sealed class Listener(SweepProgressLine line, string run) : IRunObserver
    {
        public void Started(RunDirectory directory, long step) => line.Began(run, step);

        public void Progressed(RunProgress progress) => line.Progressed(run, progress);

        public void Warned(string sentence) => line.Warned(run, sentence);

        public void Ended(RunRecord record)
        {
        }
    }
}
