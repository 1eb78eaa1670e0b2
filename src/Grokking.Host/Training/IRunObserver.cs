using Grokking.Host.Runs;

namespace Grokking.Host.Training;

/// <summary>Where a sitting of training stands.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Budget">Steps of the budget.</param>
/// <param name="StepsPerSecond">Speed over the last seconds; 0 while unknown.</param>
/// <param name="TrainAccuracy">At the last evaluation, in [0, 1].</param>
/// <param name="TestAccuracy">At the last evaluation, in [0, 1].</param>
internal sealed record RunProgress(string Run, long Step, long Budget, double StepsPerSecond, double TrainAccuracy, double TestAccuracy)
{
    /// <summary>The first evaluation with 95 % test accuracy; null before.</summary>
    public long? GrokkedStep { get; init; }

    /// <summary>How often what was grokked was lost.</summary>
    public int Collapses { get; init; }

    /// <summary>Whether the losses of the last evaluation are finite.</summary>
    public bool IsFinite { get; init; } = true;

    /// <summary>For how many seconds rows of metrics have been on their way to the disk; well below one where all is well.</summary>
    public double MetricsLag { get; init; }

    /// <summary>Seconds since the last checkpoint.</summary>
    public double CheckpointAge { get; init; }

    /// <summary>Seconds from one checkpoint to the next; null where steps decide.</summary>
    public double? CheckpointEvery { get; init; }

    /// <summary>The time left at this speed; null while unknown.</summary>
    public TimeSpan? Remaining =>
        StepsPerSecond > 0 && (Budget - Step) / StepsPerSecond is var seconds and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
}

/// <summary>Is told how a sitting of training goes, on the thread that trains.</summary>
internal interface IRunObserver
{
    /// <summary>Training begins, or goes on from a checkpoint.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="step">The step from which it goes on; 0 for the beginning.</param>
    void Started(RunDirectory directory, long step);

    /// <summary>Some steps were taken; several times a second.</summary>
    void Progressed(RunProgress progress);

    /// <summary>A checkpoint was written, and before it all rows up to its step. Who only shows progress need not know.</summary>
    /// <param name="took">How long that took.</param>
    void Saved(TimeSpan took)
    {
    }

    /// <summary>A fault ends the sitting. Who is content with the sentence in the record need not know.</summary>
    void Failed(Exception fault)
    {
    }

    /// <summary>Something is not as it should be, but training goes on.</summary>
    void Warned(string sentence);

    /// <summary>The sitting is over.</summary>
    void Ended(RunRecord record);
}
