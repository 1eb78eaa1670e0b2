using System.Globalization;
using Grokking.Host.Files;

namespace Grokking.Host.Metrics;

/// <summary>
/// Where a run's metrics lie: immutable parts, the open tail, what a resume set aside, and the joined file at the end. Numbers are padded, so that
/// the order of names is the order of time.
/// </summary>
/// <param name="runDirectory">The run's directory.</param>
/// <param name="disk">Where it is.</param>
internal sealed class MetricsFiles(string runDirectory, Disk disk)
{
    private const string PartStart = "part-", PartEnd = ".parquet", TailStart = "tail-", TailEnd = ".jsonl";

    /// <summary>Where they are.</summary>
    public Disk Disk => disk;

    /// <summary>The directory of parts and tail.</summary>
    public string Directory { get; } = Path.Combine(runDirectory, "metrics");

    /// <summary>All parts in one file, once the run has ended.</summary>
    public string Joined { get; } = Path.Combine(runDirectory, "metrics.parquet");

    /// <summary>Where files go whose steps are trained again.</summary>
    public string Superseded { get; } = Path.Combine(runDirectory, "superseded");

    /// <summary>A part's place.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <returns>Its path.</returns>
    public string Part(int number) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{PartStart}{number:d6}{PartEnd}"));

    /// <summary>A tail's place.</summary>
    /// <param name="number">The number of the part that it will become.</param>
    /// <returns>Its path.</returns>
    public string Tail(int number) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{TailStart}{number:d6}{TailEnd}"));

    /// <summary>The parts that are there.</summary>
    /// <returns>Their numbers, ascending.</returns>
    public IReadOnlyList<int> Parts() => Numbers(PartStart, PartEnd);

    /// <summary>The tails that are there; more than one only after a crash.</summary>
    /// <returns>Their numbers, ascending.</returns>
    public IReadOnlyList<int> Tails() => Numbers(TailStart, TailEnd);

    /// <summary>Removes what a crash left: unfinished files, and tails whose part was published.</summary>
    public void Sweep()
    {
        disk.MakeDirectory(Directory);
        disk.Sweep(Directory);
        disk.Sweep(runDirectory);
        foreach (int tail in Tails().Intersect(Parts()))
            disk.Delete(Tail(tail));
    }

    /// <summary>
    /// Moves aside all parts and tails beyond a checkpoint's watermark, and the joined file: their steps are trained again, and nothing is destroyed.
    /// </summary>
    /// <param name="watermark">How many parts count, from the first one.</param>
    /// <exception cref="DamagedFileException">A part that counts is missing.</exception>
    public void SetAsideBeyond(int watermark)
    {
        IReadOnlyList<int> parts = Parts();
        int firstMissing = Enumerable.Range(0, watermark).Except(parts).DefaultIfEmpty(-1).First();
        if (firstMissing >= 0)
            throw new DamagedFileException(Part(firstMissing), $"it is missing, though the checkpoint counts on the first {watermark} parts");
        // From the highest down: a crash in between leaves numbers without a gap.
        SetAside(Joined);
        foreach (int tail in Tails().Where(t => t >= watermark).Reverse())
            SetAside(Tail(tail));
        foreach (int part in parts.Where(p => p >= watermark).Reverse())
            SetAside(Part(part));
    }

    /// <summary>Removes the parts of a run that can never go on, once the joined file has their rows; doing it again changes nothing.</summary>
    public void RemoveJoined()
    {
        if (!File.Exists(Joined) || !System.IO.Directory.Exists(Directory))
            return;
        try
        {
            foreach (int part in Parts())
                disk.Delete(Part(part));
            disk.DeleteDirectory(Directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost: readers prefer the joined file, and the next start tries again.
        }
    }

    /// <summary>Moves a file aside under a name that no pattern for Parquet finds.</summary>
    /// <param name="path">The file; nothing happens if it is not there.</param>
    public void SetAside(string path)
    {
        if (!File.Exists(path))
            return;
        disk.MakeDirectory(Superseded);
        string target = Path.Combine(Superseded, $"{Path.GetFileName(path)}.bak");
        for (int attempt = 1; File.Exists(target); attempt++)
            target = Path.Combine(Superseded, $"{Path.GetFileName(path)}.{attempt}.bak");
        disk.Move(path, target, overwrite: false);
        disk.FlushDirectory(Superseded);
    }

    private int[] Numbers(string start, string end)
    {
        if (!System.IO.Directory.Exists(Directory))
            return [];
        return [.. System.IO.Directory.GetFiles(Directory, $"{start}*{end}")
            .Select(path => Path.GetFileName(path)[start.Length..^end.Length])
            .Where(digits => digits.All(char.IsAsciiDigit))
            .Select(digits => int.Parse(digits, CultureInfo.InvariantCulture))
            .Order()];
    }
}
