using System.Collections.Immutable;

namespace Grokking.Training;

/// <summary>
/// Several independent runs of one computation, each in a place of its own, that move on together: they differ in what the compiled step takes as inputs, such as states,
/// keys, rates, decays and samples. A run's bits depend neither on its place nor on what the others are. For one caller at a time.
/// </summary>
public interface IFleet : IDisposable
{
    /// <summary>What the bits of a run's result depend on, besides its recipe and data.</summary>
    string NumericsProfile { get; }

    /// <summary>How many runs there can be at once.</summary>
    int Places { get; }

    /// <summary>Puts a run into a place, or has the run there go on from another state.</summary>
    /// <param name="place">The place, from 0.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="state">Where it begins.</param>
    /// <param name="train">Its training set.</param>
    /// <param name="test">Its test set.</param>
    /// <exception cref="ArgumentException">Its step is another computation, or takes another number of samples, than the fleet was made for.</exception>
    void Load(int place, Recipe recipe, TrainState state, Samples train, Samples test);

    /// <summary>Empties a place; one that is empty already stays so.</summary>
    /// <param name="place">The place.</param>
    void Leave(int place);

    /// <summary>Updates that the run in a place has taken.</summary>
    /// <param name="place">The place.</param>
    /// <exception cref="InvalidOperationException">It is empty.</exception>
    long StepOf(int place);

    /// <summary>A copy of the present state of the run in a place.</summary>
    /// <param name="place">The place.</param>
    /// <exception cref="InvalidOperationException">It is empty.</exception>
    TrainState StateOf(int place);

    /// <summary>Takes so many steps with some of the runs; the others stay as they are.</summary>
    /// <param name="places">Their places, ascending.</param>
    /// <param name="steps">At least 0.</param>
    /// <exception cref="InvalidOperationException">One of the places is empty.</exception>
    void Advance(IReadOnlyList<int> places, long steps);

    /// <summary>How some of the runs do, and on request how large their training losses' gradients are.</summary>
    /// <param name="places">Their places, ascending.</param>
    /// <param name="gradients">Whether gradients are asked for.</param>
    /// <returns>The evaluations, in the order of the places.</returns>
    /// <exception cref="InvalidOperationException">One of the places is empty.</exception>
    ImmutableArray<Evaluation> Evaluate(IReadOnlyList<int> places, bool gradients);
}
