using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Grokking.Host.Schedulers;

/// <summary>The shards under GNU parallel, on this machine or on several that are reached by ssh and see the same folders. Started again, it does what it had not done.</summary>
internal static class ParallelScript
{
    /// <summary>The name of the file.</summary>
    public const string Name = "parallel.sh";

    // Who ends parallel ends its shards, which write their checkpoints first; its own habit is to kill them after a third of a second.
    private const string Ending = "TERM,120000,KILL,25";

    /// <summary>Where parallel notes which shards are done.</summary>
    public static string Log(ShardTask task) => task.Script("parallel.log");

    /// <summary>Writes the script.</summary>
    /// <param name="task">What is to be started.</param>
    /// <param name="together">How many shards run at once on each machine.</param>
    /// <param name="hosts">The machines; none for this one.</param>
    public static string Write(ShardTask task, int together, ImmutableArray<string> hosts)
    {
        // A slot of parallel's is a place in which one shard runs at a time.
        string[] graphics = task.Graphics > 0
            ? ["env", string.Create(CultureInfo.InvariantCulture, $"CUDA_VISIBLE_DEVICES={{= $_ = (slot() - 1) % {task.Graphics} =}}")]
            : [];
        string[] words =
        [
            "parallel", "--quote", "--jobs", together.ToString(CultureInfo.InvariantCulture), "--joblog", Log(task), "--resume-failed", "--termseq", Ending, "--tag", "--line-buffer",
            .. hosts.IsEmpty ? Array.Empty<string>() : ["--sshlogin", string.Join(',', hosts)],
            .. graphics,
            .. task.Words(string.Create(CultureInfo.InvariantCulture, $"{{}}/{task.Count}")),
        ];
        var script = new StringBuilder("#!/bin/sh\n");
        script.Append(CultureInfo.InvariantCulture, $"# The sweep {task.Sweep} in {task.Count} shards, of which those are trained that have something left.\n");
        script.Append("# Started again, it goes on with what is not in its log as done; what was begun goes on from the checkpoints.\n");
        // Otherwise it is the shell of whoever calls; on a machine where none is named, parallel does nothing, and says nothing.
        script.Append("export PARALLEL_SHELL=/bin/sh\n");
        script.Append(CultureInfo.InvariantCulture, $"exec {Shell.Quote(words)} ::: {string.Join(' ', task.Left)}\n");
        return script.ToString();
    }
}
