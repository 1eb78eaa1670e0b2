using Grokking.Engine;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Cuda.Training;

/// <summary>A run in its place: what it gives the program before each step, and how far it is.</summary>
internal sealed class FleetMember
{
    private readonly Recipe recipe;
    private readonly TrainState loaded;
    private readonly Executable step;
    private readonly StepNumbers numbers;
    private readonly double[] coefficients;
    private readonly SampleFeed? batches;
    private readonly DataOrder? order;
    private readonly RandomKey draws;
    private TrainState? seen;

    /// <summary>Puts a run into its place of the step's program.</summary>
    internal FleetMember(Recipe recipe, TrainState state, Samples train, Samples test, Executable step)
    {
        (this.recipe, loaded, seen, this.step, Step, Train, Test) = (recipe, state, state, step, state.Step, train, test);
        numbers = new(recipe);
        coefficients = new double[numbers.Names.Length];
        order = recipe.OrderOf(state.Key, train.Count);
        draws = Recipe.DrawsOf(state.Key);
        if (recipe.BatchSize is { } size)
        {
            batches = new(train, size);
        }
        else
        {
            SampleFeed.WriteAll(step, train);
        }

        Write(state.Weights, name => name);
        Write(state.Statistics, name => name);
        foreach (var (slot, memory) in recipe.Slots.Zip(state.Slots))
        {
            Write(memory, name => Tracing.SlotVariable(slot.Name, name));
        }
    }

    /// <summary>Updates taken up to its present state.</summary>
    internal long Step { get; private set; }

    /// <summary>Its training set.</summary>
    internal Samples Train { get; }

    /// <summary>Its test set.</summary>
    internal Samples Test { get; }

    /// <summary>Whether what its weights are to become is computed already.</summary>
    internal bool IsAhead { get; set; }

    /// <summary>A copy of its present state, made when it is first asked for.</summary>
    internal TrainState State => seen ??= loaded with
    {
        Step = Step,
        Weights = Copy(loaded.Weights, name => name),
        Slots = [.. recipe.Slots.Select(slot => Copy(loaded.Weights, name => Tracing.SlotVariable(slot.Name, name)))],
        Statistics = Copy(loaded.Statistics, name => name),
    };

    /// <summary>Gives the next step its numbers, its key and its batch.</summary>
    internal void Prepare()
    {
        numbers.Write(Step, coefficients);
        for (var i = 0; i < coefficients.Length; i++)
        {
            step.Offer(numbers.Names[i], coefficients[i]);
        }

        if (step.Draws.Contains(Tracing.StepDraws))
        {
            step.SetKey(Tracing.StepDraws, draws.Split((ulong)Step));
        }

        if (order is not null)
        {
            batches?.WriteBatch(step, order, Step);
        }
    }

    /// <summary>The step was committed.</summary>
    internal void Moved() => (Step, IsAhead, seen) = (Step + 1, false, null);

    private void Write(Parameters<Dense> values, Func<string, string> variable)
    {
        foreach (var (name, value) in values.Names.Zip(values.Values))
        {
            step.SetVariable(variable(name), value);
        }
    }

    private Parameters<Dense> Copy(Parameters<Dense> named, Func<string, string> variable) => named.With<Dense>(
        [.. named.Names.Select(name => step.Variable(variable(name)))]);
}
