using Grokking.Randomness;

namespace Grokking.Training;

/// <summary>
/// A recipe compiled for a data set, as pure functions of immutable states: the same bits for any number of threads, whatever was asked
/// before. The memory that they work in is reused and seen by nobody. For one caller at a time.
/// </summary>
/// <remarks>Every state that is returned is a copy; a loop that seldom looks at its state takes a <see cref="StepMachine"/>.</remarks>
public sealed class Trainer : IDisposable
{
    private readonly Recipe recipe;
    private readonly Precision precision;
    private readonly StepMachine machine;

    /// <summary>Compiles the training step.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; not empty.</param>
    /// <param name="test">The test set; not empty.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    public Trainer(Recipe recipe, Samples train, Samples test, Precision precision, int threads)
    {
        this.recipe = recipe;
        this.precision = precision;
        machine = new(recipe, train, test, precision, threads);
    }

    /// <inheritdoc cref="StepMachine.NumericsProfile"/>
    public string NumericsProfile => machine.NumericsProfile;

    /// <inheritdoc cref="InitialState.Of"/>
    public TrainState Start(RandomKey key) => InitialState.Of(recipe, precision, key);

    /// <summary>The state so many steps later. Run(a + b) is Run(b) after Run(a), bit for bit.</summary>
    public TrainState Run(TrainState state, long steps)
    {
        machine.Load(state);
        machine.Advance(steps);
        return machine.State;
    }

    /// <summary>How the weights of a state do, and on request how large the training loss's gradient is there.</summary>
    public Evaluation Evaluate(TrainState state, bool gradients)
    {
        machine.Load(state);
        return machine.Evaluate(gradients);
    }

    /// <inheritdoc/>
    public void Dispose() => machine.Dispose();
}
