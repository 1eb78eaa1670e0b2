using System.Collections.Immutable;
using System.Globalization;

namespace Grokking.Host.Schedulers;

/// <summary>What a scheduler is to start: the same command for each shard of a sweep that has something left. How it is started, and where, is the scheduler's matter.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Folder">The sweep's folder, the same on every machine.</param>
/// <param name="Data">The data directory, the same on every machine.</param>
/// <param name="Count">Shards of the sweep.</param>
/// <param name="Left">Those that have something left to train, ascending.</param>
/// <param name="Processors">Processors of a shard: so many runs are trained at once.</param>
internal sealed record ShardTask(
    string Sweep, string Folder, string Data, int Count, ImmutableArray<int> Left, int Processors)
{
    /// <summary>The words that start this program there.</summary>
    public ImmutableArray<string> Program { get; init; } = [];

    /// <summary>How many shards may run at once; null for as many as the scheduler likes.</summary>
    public int? Together { get; init; }

    /// <summary>Graphics processors of a shard, or of a machine where shards share it.</summary>
    public int Graphics { get; init; }

    /// <summary>A container image in which the program is, for Apptainer; null for the program as it lies there.</summary>
    public string? Container { get; init; }

    /// <summary>Where a scheduler's script lies.</summary>
    public string Script(string name) => Path.Combine(Folder, name);

    /// <summary>The words that train a shard.</summary>
    /// <param name="shard">Which, as <c>--shard</c> reads it.</param>
    public IEnumerable<string> Words(string shard) =>
    [
        .. Container is { } image ? Apptainer(image) : [],
        .. Program,
        "sweep", "run", Folder, "--shard", shard, "--threads", Number(Processors), "--data", Data,
    ];

    /// <summary>The shards that are left, as in <c>0-3,7</c>.</summary>
    public string Ranges
    {
        get
        {
            var ranges = new List<(int First, int Last)>();
            foreach (int shard in Left)
            {
                if (ranges is [.., var range] && range.Last == shard - 1)
                    ranges[^1] = (range.First, shard);
                else
                    ranges.Add((shard, shard));
            }

            return string.Join(',', ranges.Select(range => range.First == range.Last ? Number(range.First) : $"{Number(range.First)}-{Number(range.Last)}"));
        }
    }

    private IEnumerable<string> Apptainer(string image)
    {
        string[] folders = Folder.StartsWith(Data + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? [Data] : [Data, Folder];
        return ["apptainer", "exec", .. Graphics > 0 ? ["--nv"] : Array.Empty<string>(), .. folders.SelectMany(folder => new[] { "--bind", folder }), image];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
