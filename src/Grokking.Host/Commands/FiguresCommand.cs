using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Figures;
using Grokking.Host.Files;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Studies;
using Grokking.Host.Studies.Reports;

namespace Grokking.Host.Commands;

/// <summary><c>figures WHAT…</c>: redraws curves of runs and figures of studies from saved Parquet, and reports.</summary>
internal static class FiguresCommand
{
    private const string ReportFile = "report.html";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var what = new Argument<string[]>("WHAT")
        {
            Description = "Finished runs (ids, beginnings of ids, directories), reproduced figures (gromov/fig1, gromov), or folders that hold figures.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> output = FolderOption.Checked(new Option<string?>("--output")
        {
            Description = "Where the files go (default: each beside its tables).",
            HelpName = "DIR",
        });
        var command = new Command("figures", "Redraws, from saved Parquet alone: curves of runs, figures with their verdicts, and one report with all of them.")
        {
            what, output,
        };
        command.SetAction(parsed =>
        {
            string data = parsed.GetValue(common.Data)!;
            Result<Drawing>[] found = [.. parsed.GetRequiredValue(what).Select(word => Find(word, data))];
            foreach (Result<Drawing>.Failure refused in found.OfType<Result<Drawing>.Failure>())
                Refusal.Of(terminal, refused.Reason);
            Drawing[] drawings = [.. found.OfType<Result<Drawing>.Success>().Select(success => success.Value)];
            string? target = parsed.GetValue(output) is { } folder ? Path.GetFullPath(folder) : null;
            foreach (RunEntry run in drawings.SelectMany(drawing => drawing.Runs))
                Draw(run, target, terminal);
            Report(drawings, target, Path.Combine(Path.GetFullPath(data), "figures"), terminal);
            return drawings.Length == found.Length ? ExitCode.Done : ExitCode.Usage;
        });
        return command;
    }

    // A run's own directory is no folder of figures; otherwise folders come before names, and figures before runs.
    private static Result<Drawing> Find(string word, string data)
    {
        string folder = Path.GetFullPath(word.Length == 0 ? "." : word);
        if (word.Length > 0 && !new RunDirectory(folder).Exists && StudyFolder.Below(folder) is [_, ..] below)
            return Result.Success(new Drawing([], below, folder));
        Result<ImmutableArray<Study>> studies = StudyCatalogue.Find(word);
        if (studies is Result<ImmutableArray<Study>>.Success { Value: var named })
        {
            string root = Path.Combine(Path.GetFullPath(data), "figures");
            ImmutableArray<StudyFolder> saved = [.. named.Select(study => StudyFolder.Of(root, study)).Where(each => each.Exists)];
            return saved.IsEmpty
                ? Result.Failure<Drawing>($"{named[0].Name} has no tables in {root} yet; train and gather with: {ProgramName.Current} reproduce {word}")
                : Result.Success(new Drawing([], saved, root));
        }

        return new RunCatalogue(data).Find(word).Match(
            entry => Finished(entry).Map(run => new Drawing([run], [], "")),
            reason => Result.Failure<Drawing>(word.Contains('/', StringComparison.Ordinal) && !Directory.Exists(folder)
                ? studies.Match(_ => reason, about => about)
                : reason));
    }

    private static Result<RunEntry> Finished(RunEntry entry) => File.Exists(entry.Directory.Metrics)
        ? Result.Success(entry)
        : Result.Failure<RunEntry>(
            $"The run {entry.Record.Run} is {entry.Record.Status.Name()} and has no metrics.parquet; RUN must be a finished run.");

    private static Experiment Settings(RunEntry entry)
    {
        ExperimentReading reading = ConfigurationText.Read(JsonSerializer.Serialize(entry.Record.Configuration));
        return reading.Experiment ?? throw new IOException($"{entry.Directory.Record}: {reading.Errors[0].Sentence}");
    }

    private static void Draw(RunEntry entry, string? output, Terminal terminal)
    {
        string path = output is null ? entry.Directory.Curves : Path.Combine(output, $"{entry.Record.Run}.svg");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RunFigure.Write(entry.Directory, Settings(entry), path);
        terminal.Data(path);
    }

    // A report is for figures; the curves of a run alone need none, unless a folder for it is named.
    private static void Report(Drawing[] drawings, string? output, string usual, Terminal terminal)
    {
        StudyFolder[] folders = [.. drawings.SelectMany(drawing => drawing.Studies).DistinctBy(folder => folder.Path)];
        RunEntry[] runs = [.. drawings.SelectMany(drawing => drawing.Runs)];
        if (folders.Length == 0 && (output is null || runs.Length == 0))
            return;
        var studies = new List<SavedStudy>();
        foreach (StudyFolder folder in folders)
        {
            SavedStudy study = folder.Open().OrThrow();
            StudyFolder target = output is null ? folder : StudyFolder.Of(output, study.Study);
            study.WriteTo(target);
            terminal.Data(target.Picture);
            studies.Add(study);
        }

        string root = output ?? (drawings.Where(drawing => drawing.Root.Length > 0).Select(drawing => drawing.Root).Distinct().ToArray() is [var only] ? only : usual);
        Directory.CreateDirectory(root);
        string report = Path.Combine(root, ReportFile);
        Disk.Real.PublishText(report, Studies.Reports.Report.Of(studies, [.. runs.Select(Curves)]));
        terminal.Data(report);
    }

    private static RunCurves Curves(RunEntry entry)
    {
        var figure = RunFigure.Of(entry.Directory, Settings(entry));
        return new(entry.Record.Run, figure.Title, figure with { Name = $"{entry.Record.Run}-curves" }, [.. RunReport.Rows(entry).Where(row => row[0] != "files")]);
    }

    // What a word names, and the folder that stands for it.
    private sealed record Drawing(ImmutableArray<RunEntry> Runs, ImmutableArray<StudyFolder> Studies, string Root);
}
