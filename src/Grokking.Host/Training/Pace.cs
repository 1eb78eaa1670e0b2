namespace Grokking.Host.Training;

/// <summary>How fast training goes at present, and how many steps may be taken at once so that a wish to stop is seen soon.</summary>
/// <param name="time">The clock.</param>
internal sealed class Pace(TimeProvider time)
{
    // A wish to stop is seen within about twice this.
    private const double SliceSeconds = 0.1;
    private const double MemorySeconds = 3;

    // The step after an evaluation was computed with it and takes next to no time; of it alone nothing follows.
    private const double LeastSeconds = 0.05;

    private readonly Queue<(long Time, long Steps)> slices = new();
    private long stepsInMemory;

    /// <summary>Steps per second over the last seconds; 0 while unknown.</summary>
    public double StepsPerSecond { get; private set; }

    /// <summary>Steps to take before looking up.</summary>
    public long Slice => Math.Max(1, (long)(StepsPerSecond * SliceSeconds));

    /// <summary>Notes steps just taken.</summary>
    /// <param name="start">When they began, as a timestamp of the clock.</param>
    /// <param name="steps">How many they were.</param>
    public void Note(long start, long steps)
    {
        slices.Enqueue((start, steps));
        stepsInMemory += steps;
        while (slices.Count > 1 && time.GetElapsedTime(slices.Peek().Time).TotalSeconds > MemorySeconds)
            stepsInMemory -= slices.Dequeue().Steps;
        double seconds = time.GetElapsedTime(slices.Peek().Time).TotalSeconds;
        if (seconds > LeastSeconds)
            StepsPerSecond = stepsInMemory / seconds;
    }
}
