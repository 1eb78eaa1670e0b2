using Grokking.Engine;
using Grokking.Training;

namespace Grokking.Cuda.Training;

/// <summary>A run in its place of a fleet's programs.</summary>
internal sealed class FleetMember
{
    private readonly ResidentState resident;
    private readonly Executable step;

    /// <summary>Puts a run into its place of the step's program.</summary>
    internal FleetMember(Recipe recipe, TrainState state, Samples train, Samples test, Executable step)
    {
        (this.step, Train, Test, resident) = (step, train, test, new(recipe, train));
        if (recipe.BatchSize is null)
        {
            SampleFeed.WriteAll(step, train);
        }

        resident.Load(state, step);
    }

    /// <summary>Its training set.</summary>
    internal Samples Train { get; }

    /// <summary>Its test set.</summary>
    internal Samples Test { get; }

    /// <inheritdoc cref="ResidentState.Step"/>
    internal long Step => resident.Step;

    /// <inheritdoc cref="ResidentState.IsAhead"/>
    internal bool IsAhead
    {
        get => resident.IsAhead;
        set => resident.IsAhead = value;
    }

    /// <inheritdoc cref="ResidentState.In"/>
    internal TrainState State => resident.In(step);

    /// <summary>Gives the next step its numbers, its key and its batch.</summary>
    internal void Prepare() => resident.Prepare(step);

    /// <inheritdoc cref="ResidentState.Moved"/>
    internal void Moved() => resident.Moved();
}
