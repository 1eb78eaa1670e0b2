using System.Collections.Immutable;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Service;

/// <summary>All runs at one moment. A run that has not changed since the look before is the same object.</summary>
/// <param name="Runs">The newest first.</param>
/// <param name="Unreadable">A sentence about each run whose record cannot be read.</param>
internal sealed record BoardLook(ImmutableArray<RunView> Runs, ImmutableArray<string> Unreadable)
{
    /// <summary>What is new or different in a later look.</summary>
    public IEnumerable<RunView> ChangedIn(BoardLook later)
    {
        Dictionary<string, RunView> before = Runs.ToDictionary(run => run.Run, StringComparer.Ordinal);
        return later.Runs.Where(run => !ReferenceEquals(before.GetValueOrDefault(run.Run), run));
    }

    /// <summary>The runs that a later look no longer has.</summary>
    public IEnumerable<string> GoneIn(BoardLook later) =>
        Runs.Select(run => run.Run).Except(later.Runs.Select(run => run.Run), StringComparer.Ordinal);
}

/// <summary>Looks at all runs for whoever watches them; many who watch at once share a look.</summary>
/// <param name="runs">The runs.</param>
/// <param name="time">The clock.</param>
internal sealed class RunBoard(RunCatalogue runs, TimeProvider time)
{
    private readonly Lock gate = new();
    private Dictionary<string, (Stamp Stamp, RunView View)> known = new(StringComparer.Ordinal);
    private BoardLook last = new([], []);
    private long lookedAt;

    /// <summary>How all runs stand now.</summary>
    public BoardLook Look()
    {
        lock (gate)
            return Refresh();
    }

    /// <summary>How all runs stood a moment ago.</summary>
    /// <param name="age">How old the look may be.</param>
    public BoardLook Look(TimeSpan age)
    {
        lock (gate)
            return lookedAt != 0 && time.GetElapsedTime(lookedAt) < age ? last : Refresh();
    }

    private BoardLook Refresh()
    {
        RunListing all = runs.ListAll();
        // A folder that was copied has the id of the other; the one that lies under its own name counts.
        static bool IsOwn(RunEntry entry) => Path.GetFileName(entry.Directory.Path) == entry.Record.Run;
        var listing = new RunListing([.. all.Runs.Where(IsOwn)], [.. all.Unreadable, .. all.Runs.Where(entry => !IsOwn(entry)).Select(copy => $"{copy.Directory.Path} holds the run {copy.Record.Run} under another name and is not shown.")]);
        var views = new Dictionary<string, (Stamp Stamp, RunView View)>(listing.Runs.Length, StringComparer.Ordinal);
        foreach (RunEntry entry in listing.Runs)
        {
            var stamp = Stamp.Of(entry);
            views[entry.Record.Run] = known.TryGetValue(entry.Record.Run, out (Stamp Stamp, RunView View) before) && before.Stamp == stamp ? before : (stamp, RunView.Of(entry));
        }

        known = views;
        lookedAt = time.GetTimestamp();
        return last = new([.. listing.Runs.Select(entry => views[entry.Record.Run].View)], listing.Unreadable);
    }

    // What changes whenever anything of a run does: each record is written with the moment of its writing.
    private readonly record struct Stamp(DateTimeOffset Updated, long Token, RunStatus Status, long Step, int Priority)
    {
        public static Stamp Of(RunEntry entry) => new(entry.Record.Updated, entry.Record.Token, entry.Record.Status, entry.Record.Step, entry.Record.Priority);
    }
}
