using System.Globalization;
using System.Text.RegularExpressions;

namespace Grokking.Host.Schedulers;

/// <summary>The cluster that Slurm's own commands on this machine speak of.</summary>
internal static partial class SlurmCluster
{
    /// <summary>The most tasks that an array may have here; Slurm's usual number where nobody can be asked.</summary>
    public static int ArraySize() => Tool.Ask("scontrol", "show", "config") is { Code: 0 } answer && MaxArraySize().Match(answer.Output) is { Success: true } match
        ? Math.Max(1, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
        : SlurmScript.UsualArraySize;

    /// <summary>Submits a script.</summary>
    /// <param name="script">The file.</param>
    /// <returns>The number of the job, or the sentence that says why there is none.</returns>
    public static Result<string> Submit(string script) => Tool.Ask("sbatch", "--parsable", script) switch
    {
        null => Result.Failure<string>($"There is no sbatch on this machine's path; the script is written, and `sbatch {Shell.Quote(script)}` submits it where there is one."),
        { Code: 0, Output: var output } => Result.Success(output.Trim().Split(';')[0]),
        { Error: var error } => Result.Failure<string>($"sbatch refuses {script}: {string.Join(' ', error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}"),
    };

    [GeneratedRegex(@"^MaxArraySize\s*=\s*(\d{1,9})\s*$", RegexOptions.Multiline)]
    private static partial Regex MaxArraySize();
}
