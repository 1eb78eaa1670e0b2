using System.Diagnostics;

namespace Grokking.Host.Benchmarks;

/// <summary>Threads that start a piece of work together.</summary>
internal static class Crew
{
    /// <summary>Does something on several threads at once.</summary>
    /// <param name="threads">How many, the caller included.</param>
    /// <param name="work">What thread 0 … <paramref name="threads"/> − 1 does; answers how much of it.</param>
    /// <returns>The sum of the answers, and the seconds from the first start to the last end.</returns>
    public static (double Done, double Seconds) Run(int threads, Func<int, double> work)
    {
        double[] done = new double[threads];
        long[] starts = new long[threads];
        long[] ends = new long[threads];
        using var start = new Barrier(threads);
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(place => new Thread(() => Work(place)) { IsBackground = true })];
        foreach (Thread other in others)
            other.Start();
        Work(0);
        foreach (Thread other in others)
            other.Join();
        return (done.Sum(), Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);

        void Work(int place)
        {
            start.SignalAndWait();
            starts[place] = Stopwatch.GetTimestamp();
            done[place] = work(place);
            ends[place] = Stopwatch.GetTimestamp();
        }
    }
}
