using System.Collections.Immutable;
using Grokking.Engine;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>A run's state in the memory of a program: put there, given what its next step needs, and copied out when it is asked for.</summary>
internal sealed class ResidentState
{
    private readonly Recipe recipe;
    private readonly int trainCount;
    private readonly StepNumbers numbers;
    private readonly double[] coefficients;
    private readonly SampleFeed? batches;

    /// <summary>The present state as somebody gave or saw it; null while nobody has.</summary>
    private TrainState? seen;

    /// <summary>The last state that was loaded; what does not change in a run (names, key) is taken from it.</summary>
    private TrainState? loaded;

    private DataOrder? order;

    /// <summary>What the draws of all steps come from.</summary>
    private RandomKey draws;

    /// <summary>Makes a place for a state.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set.</param>
    internal ResidentState(Recipe recipe, Samples train)
    {
        (this.recipe, trainCount, numbers) = (recipe, train.Count, new(recipe));
        coefficients = new double[numbers.Names.Length];
        batches = recipe.BatchSize is { } size ? new(train, size) : null;
    }

    /// <summary>Updates taken up to the present state.</summary>
    internal long Step { get; private set; }

    /// <summary>The next update is computed already: an evaluation needed it.</summary>
    internal bool IsAhead { get; set; }

    /// <summary>The names of all that the state consists of.</summary>
    internal ImmutableArray<string> Variables { get; private set; } = [];

    /// <summary>The names of the weights.</summary>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    internal ImmutableArray<string> WeightNames => Loaded.Weights.Names;

    /// <summary>Samples of the next step's batch.</summary>
    internal int? BatchSize => order?.SizeAt(Step);

    private TrainState Loaded => loaded ?? throw new InvalidOperationException("No state was loaded yet.");

    /// <summary>Puts a state into a program's memory.</summary>
    internal void Load(TrainState state, Executable program)
    {
        if (ReferenceEquals(seen, state))
        {
            return;
        }

        // Until all is loaded there is no state, should a tensor not fit.
        (seen, loaded) = (null, null);
        (string Name, Dense Value)[] values =
        [
            .. Pairs(state.Weights, name => name),
            .. Pairs(state.Statistics, name => name),
            .. recipe.Slots.Zip(state.Slots).SelectMany(slot => Pairs(slot.Second, name => Tracing.SlotVariable(slot.First.Name, name))),
        ];
        foreach (var (name, value) in values)
        {
            program.SetVariable(name, value);
        }

        Variables = [.. values.Select(each => each.Name)];
        order = recipe.OrderOf(state.Key, trainCount);
        draws = Recipe.DrawsOf(state.Key);
        (seen, loaded, IsAhead, Step) = (state, state, false, state.Step);
    }

    /// <summary>A copy of the present state, made when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    internal TrainState In(Executable program)
    {
        Parameters<Dense> Copy(Parameters<Dense> named, Func<string, string> variable) => named.With<Dense>([.. named.Names.Select(name => program.Variable(variable(name)))]);
        return seen ??= Loaded with
        {
            Step = Step,
            Weights = Copy(Loaded.Weights, name => name),
            Slots = [.. recipe.Slots.Select(slot => Copy(Loaded.Weights, name => Tracing.SlotVariable(slot.Name, name)))],
            Statistics = Copy(Loaded.Statistics, name => name),
        };
    }

    /// <summary>Gives the next step its numbers, its key and its batch. Allocates nothing (but for the order of a new epoch).</summary>
    internal void Prepare(Executable program)
    {
        numbers.Write(Step, coefficients);
        for (var i = 0; i < coefficients.Length; i++)
        {
            program.Offer(numbers.Names[i], coefficients[i]);
        }

        if (program.Draws.Contains(Tracing.StepDraws))
        {
            program.SetKey(Tracing.StepDraws, draws.Split((ulong)Step));
        }

        if (order is not null)
        {
            batches?.WriteBatch(program, order, Step);
        }
    }

    /// <summary>The step was committed.</summary>
    internal void Moved() => (Step, IsAhead, seen) = (Step + 1, false, null);

    private static IEnumerable<(string Name, Dense Value)> Pairs(Parameters<Dense> named, Func<string, string> variable) =>
        named.Names.Zip(named.Values, (name, value) => (variable(name), value));
}
