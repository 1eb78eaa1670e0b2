namespace Grokking.Training;

/// <summary>Why a training run came to its end. A closed union: these are all there are.</summary>
public abstract record StopReason
{
    private StopReason()
    {
    }

    /// <summary>The name in files and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>All steps of the budget were taken.</summary>
    public sealed record BudgetSpent : StopReason
    {
        /// <inheritdoc/>
        public override string Name => "budget";
    }

    /// <summary>A loss was not finite, or grew past 1,000 times the first one.</summary>
    /// <param name="Step">The first evaluated step at which this was seen.</param>
    public sealed record Diverged(long Step) : StopReason
    {
        /// <inheritdoc/>
        public override string Name => "diverged";
    }

    /// <summary>The test accuracy that the budget names was reached and sustained.</summary>
    /// <param name="Step">The step of the evaluation that completed it.</param>
    public sealed record TargetReached(long Step) : StopReason
    {
        /// <inheritdoc/>
        public override string Name => "target";
    }
}
