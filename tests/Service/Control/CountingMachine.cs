using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Service.Control;

/// <summary>An engine that only counts: each step adds one to every weight. For tests of everything around training.</summary>
internal sealed class CountingMachine(Action advancing, Action? evaluating = null) : IStepMachine
{
    private TrainState? state;

    public string NumericsProfile => "counting";

    public long Step => State.Step;

    public TrainState State => state ?? throw new InvalidOperationException("No state was loaded.");

    public void Load(TrainState from) => state = from;

    public void Advance(long steps)
    {
        advancing();
        // One by one and in single precision, so that it matters to nobody where it was interrupted.
        for (long i = 0; i < steps; i++)
            state = State with { Step = Step + 1, Weights = State.Weights.Map(tensor => Dense.Of(tensor.Shape, [.. tensor.Span.ToArray().Select(value => (double)(float)(value + 1))])) };
    }

    public Evaluation Evaluate(bool gradients)
    {
        evaluating?.Invoke();
        return new(1.0 / (Step + 1), 0.5, 2.0 / (Step + 1), 0.25, []);
    }

    public void Dispose()
    {
    }
}
