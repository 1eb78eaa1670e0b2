using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Grokking.Host.Schedulers;

/// <summary>
/// The shards as one array of Slurm tasks. The script asks for the same tasks again where time ran out (USR1 came, and the program ended with 75), and twice at most where the
/// program failed or was killed; it needs no setting of the site, and does no harm where <c>RequeueExit=75</c> says the same.
/// </summary>
internal static class SlurmScript
{
    /// <summary>The name of the file.</summary>
    public const string Name = "slurm.sh";

    /// <summary>Slurm's own bound where it says nothing else: the largest index is one less.</summary>
    public const int UsualArraySize = 1001;

    /// <summary>Seconds before the end of its time at which a task is told to write its checkpoints.</summary>
    public const int Warning = 120;

    /// <summary>The folder of the tasks' output, which must be there.</summary>
    public static string Logs(ShardTask task) => task.Script("slurm");

    /// <summary>Writes the script.</summary>
    /// <param name="task">What is to be started.</param>
    /// <param name="more">More options of sbatch, such as <c>--time=4:00:00</c>.</param>
    public static string Write(ShardTask task, ImmutableArray<string> more)
    {
        string throttle = task.Together is { } together ? string.Create(CultureInfo.InvariantCulture, $"%{together}") : "";
        string[] options =
        [
            $"--job-name={task.Sweep}",
            $"--array={task.Ranges}{throttle}",
            string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={task.Processors}"),
            .. task.Graphics > 0 ? [string.Create(CultureInfo.InvariantCulture, $"--gres=gpu:{task.Graphics}")] : Array.Empty<string>(),
            "--requeue",
            "--open-mode=append",
            $"--output={Pattern(Path.Combine(Logs(task), "%a.log"))}",
            string.Create(CultureInfo.InvariantCulture, $"--signal=B:USR1@{Warning}"),
            .. more,
        ];
        var script = new StringBuilder("#!/bin/bash\n");
        script.Append(CultureInfo.InvariantCulture, $"# The sweep {task.Sweep} as an array of {task.Count} tasks, of which those are submitted that have something left.\n");
        script.Append("# Submitting it again is harmless: what is done is skipped, and what another task trains is left to it.\n");
        foreach (string option in options)
            script.Append(CultureInfo.InvariantCulture, $"#SBATCH {option}\n");
        string words = string.Join(' ', task.Words(Mark).Select(word => word == Mark ? $"\"$SLURM_ARRAY_TASK_ID/{task.Count}\"" : Shell.Quote(word)));
        script.Append(Body.Replace("\r", "", StringComparison.Ordinal).Replace(Mark, words, StringComparison.Ordinal));
        return script.ToString();
    }

    private const string Mark = "@SHARD@";

    private const string Body = """

        shard=
        warned=no
        # A warning comes to this shell alone (--signal=B:...), the end of a task to the program too; there, twice within a second is once.
        trap 'warned=yes; [ -n "$shard" ] && kill -USR1 "$shard" 2>/dev/null' USR1
        trap '[ -n "$shard" ] && kill -TERM "$shard" 2>/dev/null' TERM

        @SHARD@ &
        shard=$!
        # A trapped signal ends the wait and not the program.
        while :; do
          wait "$shard"
          code=$?
          [ "$code" -gt 128 ] && kill -0 "$shard" 2>/dev/null || break
        done
        if [ "$code" -gt 128 ]; then
          wait "$shard"
          last=$?
          [ "$last" -eq 127 ] || code=$last
        fi

        again=no
        case "$code" in
          0 | 2) ;;
          # Interrupted, resumable. Whoever cancels a task sends no warning, and does not want it back.
          75) again=$warned ;;
          # A run failed (1), or something killed the program.
          *) [ "${SLURM_RESTART_COUNT:-0}" -lt 2 ] && again=yes ;;
        esac
        if [ "$again" = yes ]; then
          echo "shard $SLURM_ARRAY_TASK_ID ended with $code and is queued again"
          scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
        fi
        exit "$code"

        """;

    // In names of files % begins a pattern of Slurm's own, but for the one that is meant.
    private static string Pattern(string path)
    {
        string escaped = $"{Path.GetDirectoryName(path)!.Replace("%", "%%", StringComparison.Ordinal)}/{Path.GetFileName(path)}";
        return escaped.Any(char.IsWhiteSpace) ? $"\"{escaped}\"" : escaped;
    }
}
