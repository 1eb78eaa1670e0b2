using System.Collections.Immutable;
using Grokking.Training;

namespace Grokking.Host.Devices;

/// <summary>
/// Where the runs of a fleet meet. Each is trained as any other run, by a sitting on a thread of its own, with a machine that stands for one place of the fleet. What the machines
/// are asked for is done when all runs at work have asked for something: the evaluations that were asked for at once, and where there is none, with all runs the least
/// number of steps that one of them asked for. Files, leases, wishes and checkpoints are each run's own, as ever; whoever ends leaves, and whoever waits enters.
/// </summary>
/// <remarks>
/// A run is at work from <see cref="IStepMachine.Load"/> until its machine is disposed of, so that nobody waits for one that still waits for its lease. A fault of the fleet is
/// everybody's; any other is of the run that it happens to.
/// </remarks>
/// <param name="fleet">What trains.</param>
internal sealed class Gathering(IFleet fleet) : IDisposable
{
    private readonly IFleet fleet = fleet;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim places = new(fleet.Places);
    private readonly SortedSet<int> free = [.. Enumerable.Range(0, fleet.Places)];
    private readonly SortedDictionary<int, Seat> working = [];
    private int asking;

    /// <summary>Whether nobody has a place.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
                return free.Count == fleet.Places;
        }
    }

    /// <summary>A machine for one run; waits until a place is free.</summary>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="train">Its training set.</param>
    /// <param name="test">Its test set.</param>
    /// <param name="left">Is called when the machine was disposed of.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public IStepMachine Enter(Recipe recipe, Samples train, Samples test, Action left, CancellationToken stop)
    {
        places.Wait(stop);
        lock (gate)
        {
            int place = free.Min;
            free.Remove(place);
            return new Seat(this, place, recipe, train, test, left);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fleet.Dispose();
        places.Dispose();
    }

    private void Load(Seat seat, TrainState state)
    {
        lock (gate)
        {
            fleet.Load(seat.Place, seat.Recipe, state, seat.Train, seat.Test);
            working[seat.Place] = seat;
        }
    }

    private TrainState StateOf(Seat seat)
    {
        lock (gate)
            return fleet.StateOf(seat.Place);
    }

    private void Leave(Seat seat)
    {
        lock (gate)
        {
            if (working.Remove(seat.Place))
                fleet.Leave(seat.Place);
            free.Add(seat.Place);
            // It may have been the only one that the others waited for.
            Turn();
        }

        places.Release();
    }

    // Steps, or an evaluation where there are none.
    private void Ask(Seat seat, long steps, bool gradients)
    {
        lock (gate)
        {
            asking++;
            (seat.IsAsking, seat.Steps, seat.Gradients) = (true, steps, gradients);
            Turn();
        }

        seat.Answered.Wait();
    }

    // Whoever asks last does it, on its own thread.
    private void Turn()
    {
        if (asking == 0 || asking < working.Count)
            return;
        Seat[] evaluating = [.. working.Values.Where(seat => seat.Steps == 0)];
        try
        {
            if (evaluating.Length > 0)
            {
                foreach (IGrouping<bool, Seat> alike in evaluating.GroupBy(seat => seat.Gradients))
                    Evaluate([.. alike], alike.Key);
            }
            else
            {
                Advance();
            }
        }
        catch (Exception fault)
        {
            foreach (Seat seat in working.Values)
                Answer(seat, fault);
        }
    }

    private void Evaluate(Seat[] seats, bool gradients)
    {
        ImmutableArray<Evaluation> evaluations = fleet.Evaluate([.. seats.Select(seat => seat.Place)], gradients);
        foreach ((Seat seat, Evaluation evaluation) in seats.Zip(evaluations))
        {
            seat.Evaluation = evaluation;
            Answer(seat, null);
        }
    }

    private void Advance()
    {
        long steps = working.Values.Min(seat => seat.Steps);
        fleet.Advance([.. working.Keys], steps);
        foreach (Seat seat in working.Values)
        {
            seat.Steps -= steps;
            seat.Step += steps;
            if (seat.Steps == 0)
                Answer(seat, null);
        }
    }

    private void Answer(Seat seat, Exception? fault)
    {
        if (!seat.IsAsking)
            return;
        asking--;
        (seat.IsAsking, seat.Fault) = (false, fault);
        seat.Answered.Release();
    }

    /// <summary>One place as the machine of one run.</summary>
    private sealed class Seat(Gathering gathering, int place, Recipe recipe, Samples train, Samples test, Action left) : IStepMachine
    {
        private TrainState? seen;
        private bool isLoaded;
        private bool isDisposed;

        public int Place => place;

        public Recipe Recipe => recipe;

        public Samples Train => train;

        public Samples Test => test;

        /// <summary>Is released when what was asked for is done.</summary>
        public SemaphoreSlim Answered { get; } = new(0);

        public bool IsAsking { get; set; }

        /// <summary>Steps that are asked for still; 0 where an evaluation is.</summary>
        public long Steps { get; set; }

        /// <summary>Whether the evaluation is to say how large the gradients are.</summary>
        public bool Gradients { get; set; }

        public Evaluation Evaluation { get; set; }

        public Exception? Fault { get; set; }

        public string NumericsProfile => gathering.fleet.NumericsProfile;

        public long Step { get; set; }

        public TrainState State => isLoaded ? seen ??= gathering.StateOf(this) : throw Unloaded();

        public void Load(TrainState state)
        {
            if (ReferenceEquals(seen, state))
                return;
            (isLoaded, seen) = (false, null);
            gathering.Load(this, state);
            (isLoaded, seen, Step) = (true, state, state.Step);
        }

        public void Advance(long steps)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(steps);
            if (!isLoaded)
                throw Unloaded();
            if (steps == 0)
                return;
            seen = null;
            Ask(steps, gradients: false);
        }

        public Evaluation Evaluate(bool gradients)
        {
            if (!isLoaded)
                throw Unloaded();
            Ask(0, gradients);
            return Evaluation;
        }

        public void Dispose()
        {
            if (isDisposed)
                return;
            isDisposed = true;
            gathering.Leave(this);
            Answered.Dispose();
            left();
        }

        private void Ask(long steps, bool gradients)
        {
            gathering.Ask(this, steps, gradients);
            if (Fault is { } fault)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        }

        private static InvalidOperationException Unloaded() => new("No state was loaded yet.");
    }

}
