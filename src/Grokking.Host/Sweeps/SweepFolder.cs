using Grokking.Host.Files;
using Grokking.Host.Runs;

namespace Grokking.Host.Sweeps;

/// <summary>Where the files of a sweep are.</summary>
/// <param name="Path">The sweep's folder, as an absolute path.</param>
internal sealed record SweepFolder(string Path)
{
    /// <summary>The plan.</summary>
    public string Plan => At("plan.json");

    /// <summary>One row per run, once merged.</summary>
    public string Runs => At("runs.parquet");

    /// <summary>All metrics of all runs, once merged.</summary>
    public string Curves => At("curves.parquet");

    /// <summary>Whether a sweep is there.</summary>
    public bool Exists => File.Exists(Plan);

    /// <summary>Publishes a plan; one that is there already stays as it is.</summary>
    /// <returns>The folder, or the sentence that says why the plan cannot be there.</returns>
    public Result<SweepFolder> Publish(SweepPlan plan)
    {
        if (Exists)
        {
            return Read().Bind(there => there.Id == plan.Id
                ? Result.Success(this)
                : Result.Failure<SweepFolder>(
                    $"The folder {Path} holds the sweep {there.Id}, not {plan.Id}; a plan is never replaced, so each needs a folder of its own."));
        }

        if (File.Exists(Path) || (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any(IsForeign)))
            return Result.Failure<SweepFolder>($"The folder {Path} is not empty and holds no sweep; it must be empty or this sweep's own.");
        try
        {
            Directory.CreateDirectory(Path);
            Disk.Real.Publish(Plan, output => PlanText.Write(plan, output));
            return Result.Success(this);
        }
        catch (IOException) when (Exists)
        {
            // Another process published in the same moment.
            return Publish(plan);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result.Failure<SweepFolder>(
                $"The folder {Path} cannot be written ({OutputFolder.Reason(fault)}); it must be a folder that this user can write to.");
        }
    }

    /// <summary>Reads the plan.</summary>
    /// <returns>The plan, or the sentence that says why there is none.</returns>
    public Result<SweepPlan> Read()
    {
        try
        {
            return new FileInfo(Plan).Length <= SweepLimits.PlanBytes
                ? PlanText.Read(Plan, File.ReadAllBytes(Plan))
                : Result.Failure<SweepPlan>($"The file {Plan} is larger than a plan can be.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result.Failure<SweepPlan>($"The file {Plan} cannot be read: {fault.Message}");
        }
    }

    private static bool IsForeign(string path) => !Disk.IsTemporary(path);

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
