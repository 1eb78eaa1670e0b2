namespace Grokking.Training;

/// <summary>
/// What a training loop holds: a recipe made ready for a data set, with one state that moves on. Compiled (<see cref="StepMachine"/>) or
/// carried out as written (<see cref="EagerMachine{T}"/>). For one caller at a time.
/// </summary>
public interface IStepMachine : IDisposable
{
    /// <summary>What the bits of a result depend on, besides the recipe and the data.</summary>
    string NumericsProfile { get; }

    /// <summary>Updates taken up to the present state.</summary>
    long Step { get; }

    /// <summary>A copy of the present state, made when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    TrainState State { get; }

    /// <summary>Goes on from a state.</summary>
    void Load(TrainState state);

    /// <summary>Takes so many steps.</summary>
    /// <param name="steps">At least 0.</param>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    void Advance(long steps);

    /// <summary>How the present weights do, and on request how large the training loss's gradient is there.</summary>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    Evaluation Evaluate(bool gradients);
}
