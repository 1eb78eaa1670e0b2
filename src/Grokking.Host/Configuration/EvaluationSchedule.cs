namespace Grokking.Host.Configuration;

/// <summary>At which steps the network is evaluated. Step 0 and the last step always are. A closed union.</summary>
internal abstract record EvaluationSchedule
{
    private EvaluationSchedule()
    {
    }

    /// <summary>The first scheduled step after another.</summary>
    public abstract long NextAfter(long step);

    /// <summary>Whether a step is on the schedule.</summary>
    public bool Includes(long step) => step == 0 || NextAfter(step - 1) == step;

    /// <summary>The same number of steps from one evaluation to the next.</summary>
    /// <param name="Steps">Steps between two, at least 1.</param>
    public sealed record Every(long Steps) : EvaluationSchedule
    {
        /// <inheritdoc/>
        public override long NextAfter(long step) => (step / Steps * Steps) + Steps;
    }

    /// <summary>Evaluations at the distinct values of 10^(k/n), rounded, for k = 0, 1, …: evenly spread on a logarithmic axis.</summary>
    /// <param name="Count">n, evaluations per decade, at least 1.</param>
    public sealed record PerDecade(int Count) : EvaluationSchedule
    {
        /// <inheritdoc/>
        public override long NextAfter(long step)
        {
            if (step < 1)
                return 1;
            // One point early, so that rounding can only cost a look at a point that is already past.
            long k = Math.Max(0, (long)Math.Floor(Count * Math.Log10(step)) - 1);
            while (Point(k) <= step)
                k++;
            return Point(k);
        }

        private long Point(long k) => (long)Math.Round(Math.Pow(10, (double)k / Count));
    }
}
