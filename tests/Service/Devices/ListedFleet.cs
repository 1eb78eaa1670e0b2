using System.Collections.Immutable;
using Grokking.Training;

namespace Grokking.Service.Devices;

/// <summary>A fleet in the plainest way: a list of machines of the processor. Writes down what it was asked for.</summary>
/// <param name="places">How many runs there can be.</param>
/// <param name="precision">The arithmetic.</param>
internal sealed class ListedFleet(int places, Precision precision = Precision.Single) : IFleet
{
    private readonly StepMachine?[] machines = new StepMachine?[places];
    private int callers;

    /// <summary>What was asked for, in order: the places and the steps, 0 for an evaluation.</summary>
    public List<(ImmutableArray<int> Places, long Steps)> Calls { get; } = [];

    /// <summary>Is called before each step and evaluation.</summary>
    public Action? Before { get; init; }

    /// <summary>Whether it was disposed of.</summary>
    public bool IsDisposed { get; private set; }

    public string NumericsProfile => machines.FirstOrDefault(machine => machine is not null)?.NumericsProfile ?? "a list";

    public int Places => places;

    public void Load(int place, Recipe recipe, TrainState state, Samples train, Samples test) => Alone(() =>
    {
        machines[place]?.Dispose();
        machines[place] = new StepMachine(recipe, train, test, precision, threads: 1);
        machines[place]!.Load(state);
        return 0;
    });

    public void Leave(int place) => Alone(() =>
    {
        machines[place]?.Dispose();
        machines[place] = null;
        return 0;
    });

    public long StepOf(int place) => Alone(() => Machine(place).Step);

    public TrainState StateOf(int place) => Alone(() => Machine(place).State);

    public void Advance(IReadOnlyList<int> asked, long steps) => Alone(() =>
    {
        Note(asked, steps);
        foreach (int place in asked)
            Machine(place).Advance(steps);
        return 0;
    });

    public ImmutableArray<Evaluation> Evaluate(IReadOnlyList<int> asked, bool gradients) => Alone(() =>
    {
        Note(asked, 0);
        return asked.Select(place => Machine(place).Evaluate(gradients)).ToImmutableArray();
    });

    public void Dispose()
    {
        IsDisposed = true;
        foreach (StepMachine? machine in machines)
            machine?.Dispose();
    }

    private StepMachine Machine(int place) => machines[place] ?? throw new InvalidOperationException($"The place {place} is empty.");

    private void Note(IReadOnlyList<int> asked, long steps)
    {
        Before?.Invoke();
        Assert.Equal(asked.Order(), asked);
        Calls.Add(([.. asked], steps));
    }

    // A fleet is for one caller at a time; whoever breaks that is a fault of the caller.
    private T Alone<T>(Func<T> call)
    {
        Assert.Equal(1, Interlocked.Increment(ref callers));
        try
        {
            Assert.False(IsDisposed);
            return call();
        }
        finally
        {
            Interlocked.Decrement(ref callers);
        }
    }
}
