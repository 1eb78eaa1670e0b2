using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>
/// Two machines of one recipe on two divisions of the samples: the second takes over the first one's state at a step, which belongs to the second already.
/// </summary>
/// <param name="first">What trains up to the step.</param>
/// <param name="second">What trains from it on.</param>
/// <param name="takeover">The step, above 0.</param>
internal sealed class SuccessiveMachine(IStepMachine first, IStepMachine second, long takeover) : IStepMachine
{
    private bool isLater;

    private IStepMachine Present => isLater ? second : first;

    /// <inheritdoc/>
    public string NumericsProfile => first.NumericsProfile == second.NumericsProfile
        ? first.NumericsProfile
        : $"{first.NumericsProfile}; from step {takeover}: {second.NumericsProfile}";

    /// <inheritdoc/>
    public long Step => Present.Step;

    /// <inheritdoc/>
    public TrainState State => Present.State;

    /// <inheritdoc/>
    public void Load(TrainState state)
    {
        isLater = state.Step >= takeover;
        Present.Load(state);
    }

    /// <inheritdoc/>
    public void Advance(long steps)
    {
        long before = Math.Clamp(takeover - Step, 0, steps);
        if (before > 0)
        {
            Present.Advance(before);
            if (Step == takeover)
                Load(Present.State);
        }

        Present.Advance(steps - before);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(bool gradients) => Present.Evaluate(gradients);

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
