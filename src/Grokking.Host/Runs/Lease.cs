using Grokking.Host.Files;

namespace Grokking.Host.Runs;

/// <summary>Somebody else holds the run now; whoever gets this writes nothing more.</summary>
/// <param name="directory">The run.</param>
/// <param name="token">The token that no longer counts.</param>
internal sealed class LeaseLostException(RunDirectory directory, long token)
    : Exception($"Another process took over {directory.Path} while this one (token {token}) showed no sign of life; this one stops and writes nothing more.");

/// <summary>
/// The right to train a run and to change its files, for as long as signs of life are seen. Whoever shows none for a <see cref="Period"/> loses it to the next who wants it,
/// and finds out before it publishes anything: every file is published through <see cref="Owned"/>, whose disk asks first whether a higher token is there. Ages are not
/// compared between the clocks of two machines: whoever waits sees the file's time stand still.
/// </summary>
internal sealed class Lease : IDisposable
{
    /// <summary>How long a holder may show no sign of life.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.25);

    // A step, an evaluation or a file may take its time; one that takes so much longer than any before is stuck, and a stuck holder must lose its lease.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(2);
    private const double Patience = 20;

    private readonly RunDirectory directory;
    private readonly LeaseFile file;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private long lastProgress;
    private double longestGap;
    private volatile bool lost;

    private Lease(RunDirectory directory, LeaseFile file, TimeProvider time)
    {
        (this.directory, this.file, this.time) = (directory, file, time);
        Owned = directory with { Disk = new FencedDisk(directory.Disk, Check) };
        lastProgress = time.GetTimestamp();
        timer = time.CreateTimer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>The fencing token: higher than those of all holders before.</summary>
    public long Token => file.Token;

    /// <summary>Whether another process has taken over.</summary>
    public bool IsLost => lost;

    /// <summary>The run's directory, in this holder's hands.</summary>
    public RunDirectory Owned { get; }

    /// <summary>Takes the lease of a run.</summary>
    /// <param name="directory">The run's directory; it exists.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wait">Whether to wait, at most a <see cref="Period"/>, for a holder that has shown no sign of life for that long by this machine's clock.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The lease; null where another process has it.</returns>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static Lease? TryTake(RunDirectory directory, TimeProvider time, bool wait = false, CancellationToken stop = default)
    {
        LeaseFile? before = LeaseFile.Newest(directory);
        if (before is { IsOver: false } && !(wait && StandsStill(directory, before, time, stop)))
            return null;
        LeaseFile mine = LeaseFile.Mine((before?.Token ?? 0) + 1, time);
        try
        {
            mine.Publish(directory, overwrite: false);
        }
        catch (FileExistsException)
        {
            // Another was quicker. That may be a thread of this process in the same instant, whose lease looks like this one.
            return null;
        }
        catch (IOException) when (LeaseFile.Newest(directory) is { } newest && newest.Token >= mine.Token)
        {
            if (newest != mine)
                return null;
            // It lies there, but the disk does not promise to keep it.
            directory.Disk.Delete(mine.PathIn(directory));
            throw;
        }

        // Whoever was slow may have taken a token that is long over.
        foreach (long token in LeaseFile.Tokens(directory))
        {
            if (token > mine.Token)
            {
                directory.Disk.Delete(mine.PathIn(directory));
                return null;
            }

            if (token < mine.Token)
                directory.Disk.Delete((mine with { Token = token }).PathIn(directory));
        }

        return new Lease(directory, mine, time);
    }

    /// <summary>Whether somebody seems to be at work, as far as one look can tell.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="time">The clock.</param>
    public static bool IsHeld(RunDirectory directory, TimeProvider time) =>
        LeaseFile.Newest(directory) is { IsOver: false } newest && time.GetUtcNow() - newest.LastSign(directory) < 2 * Period;

    /// <summary>A sign of life: the work goes on. Cheap enough for every turn of a loop.</summary>
    public void Progress()
    {
        long now = time.GetTimestamp();
        longestGap = Math.Max(longestGap, time.GetElapsedTime(Interlocked.Read(ref lastProgress), now).TotalSeconds);
        Interlocked.Exchange(ref lastProgress, now);
    }

    /// <summary>Makes sure that this is still the holder.</summary>
    /// <exception cref="LeaseLostException">It is not.</exception>
    public void Check()
    {
        // Where the disk knows no second name for a file, as mounted object stores do not, two may take one token at once; the later one's file lies there then.
        if (lost || LeaseFile.Newest(directory) != file)
        {
            lost = true;
            throw new LeaseLostException(directory, Token);
        }
    }

    /// <summary>Gives the lease back.</summary>
    public void Dispose()
    {
        timer.Dispose();
        try
        {
            Check();
            (file with { Released = true }).Publish(directory, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or LeaseLostException)
        {
            // It ends with this process, or has ended already.
        }
    }

    private void Renew()
    {
        double silence = time.GetElapsedTime(Interlocked.Read(ref lastProgress)).TotalSeconds;
        if (lost || silence > Math.Max(LeastPatience.TotalSeconds, Patience * longestGap))
            return;
        try
        {
            Check();
            directory.Disk.Touch(file.PathIn(directory), time.GetUtcNow());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or LeaseLostException)
        {
            // Without a sign of life somebody else may take over; the next publication then finds out.
        }
    }

    private static bool StandsStill(RunDirectory directory, LeaseFile holder, TimeProvider time, CancellationToken stop)
    {
        DateTimeOffset sign = holder.LastSign(directory);
        if (time.GetUtcNow() - sign < Period)
            return false;
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Period)
        {
            if (stop.WaitHandle.WaitOne(Look))
                return false;
            if (LeaseFile.Newest(directory) is not { } now || now.Token != holder.Token)
                return false;
            if (now.IsOver)
                return true;
            if (now.LastSign(directory) != sign)
                return false;
        }

        return true;
    }
}
