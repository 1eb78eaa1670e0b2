namespace Grokking.Engine.Cpu;

/// <summary>Work that falls into numbered units; any thread may take any unit, and the result must not depend on which does.</summary>
internal interface IUnits
{
    /// <summary>Does one unit, on the worker of this number (0 … Threads − 1).</summary>
    void Do(int unit, int worker);
}

/// <summary>
/// A few threads that share units of work by claiming them from one atomic word. The caller works along and never waits for a worker that
/// has not started: on a busy machine it simply does more of the units itself.
/// </summary>
/// <remarks>
/// The word holds epoch (23 bits), number of units (20) and the next unit (20). A unit is claimed by a compare-exchange of the whole word,
/// so a late worker cannot claim in a round that is over.
/// </remarks>
internal sealed class Workers : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    /// <summary>
    /// The caller waits for the last units by offering its processor to whoever wants it, about a millisecond long, before it sleeps: a sleep
    /// lasts a millisecond, longer than many a step.
    /// </summary>
    private const int YieldsBeforeSleep = 2000;

    private const int Bits = 20;
    private const long Mask = (1L << Bits) - 1;
    private const long EpochMask = (1L << 23) - 1;

    private readonly Thread[] threads;
    private readonly SemaphoreSlim wake = new(0);
    private long word;
    private int finished;
    private int asleep;
    private volatile bool stopping;
    private volatile IUnits? current;
    private volatile Exception? failure;

    /// <summary>Starts threads − 1 workers beside the caller.</summary>
    /// <param name="threads">How many threads work, the caller included; at least 1.</param>
    public Workers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Count = threads;
        this.threads = new Thread[threads - 1];
        for (var i = 0; i < this.threads.Length; i++)
        {
            var worker = i + 1;
            this.threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"grokking worker {worker}" };
            this.threads[i].Start();
        }
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        wake.Release(threads.Length + 1);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        wake.Dispose();
    }

    /// <summary>Does all units; returns when they are done. Allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">A unit failed; the reason is inside. All other units are done.</exception>
    internal void Run(IUnits work, int units)
    {
        if (Count == 1 || units <= 1)
        {
            for (var unit = 0; unit < units; unit++)
            {
                work.Do(unit, 0);
            }

            return;
        }

        current = work;
        Volatile.Write(ref finished, 0);
        var epoch = ((Volatile.Read(ref word) >> (2 * Bits)) + 1) & EpochMask;
        Interlocked.Exchange(ref word, (epoch << (2 * Bits)) | ((long)units << Bits));
        var sleepers = Math.Min(Volatile.Read(ref asleep), units - 1);
        if (sleepers > 0)
        {
            wake.Release(sleepers);
        }

        while (Claim() is var unit and >= 0)
        {
            Do(unit, 0);
        }

        var spin = default(SpinWait);
        while (Volatile.Read(ref finished) < units)
        {
            spin.SpinOnce(YieldsBeforeSleep);
        }

        if (failure is { } problem)
        {
            failure = null;
            throw new InvalidOperationException("A worker failed.", problem);
        }
    }

    private int Claim()
    {
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var next = seen & Mask;
            if (next >= ((seen >> Bits) & Mask))
            {
                return -1;
            }

            if (Interlocked.CompareExchange(ref word, seen + 1, seen) == seen)
            {
                return (int)next;
            }
        }
    }

    private void Do(int unit, int worker)
    {
        try
        {
            current!.Do(unit, worker);
        }
        catch (Exception problem)
        {
            failure = problem;
        }
        finally
        {
            Interlocked.Increment(ref finished);
        }
    }

    private void Serve(int worker)
    {
        while (!stopping)
        {
            if (Claim() is var unit and >= 0)
            {
                Do(unit, worker);
                continue;
            }

            for (var spin = 0; spin < SpinsBeforeSleep && Idle(); spin++)
            {
                Thread.SpinWait(8);
            }

            if (Idle() && !stopping)
            {
                Interlocked.Increment(ref asleep);
                wake.Wait(50);
                Interlocked.Decrement(ref asleep);
            }
        }
    }

    private bool Idle()
    {
        var seen = Volatile.Read(ref word);
        return (seen & Mask) >= ((seen >> Bits) & Mask);
    }
}
