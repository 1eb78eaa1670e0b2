using FsCheck.Xunit;
using Grokking.Host.Devices;
using Grokking.Training;

namespace Grokking.Service.Devices;

/// <summary>Runs that meet are trained as each would be alone.</summary>
public class GatheringLaws
{
    // Nobody who is still waiting then will ever be answered.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Property(MaxTest = 150, EndSize = 14, Arbitrary = [typeof(Scripts)])]
    public void Whoever_enters_leaves_rests_or_fails_the_others_have_the_bits_that_they_have_alone(Script[] scripts, byte places, bool inBatches)
    {
        int? batch = inBatches ? 4 : null;
        using var gathering = new Gathering(new ListedFleet(1 + (places % 5)));

        List<long>[] together = Play(scripts, script => script.Play(batch, (recipe, train, test) => gathering.Enter(recipe, train, test, () => { }, CancellationToken.None)));

        Assert.Equal(scripts.Select(script => script.Play(batch, Alone)), together);
        Assert.True(gathering.IsEmpty);
    }

    [Fact]
    public void Runs_that_ask_alike_go_together()
    {
        var fleet = new ListedFleet(3);
        using var gathering = new Gathering(fleet);
        using var begun = new Barrier(3);
        Script[] scripts = [.. Enumerable.Range(1, 3).Select(seed => new Script((ulong)seed, 0.01, 1, [(Deed.Evaluate, 0), (Deed.Advance, 7), (Deed.Evaluate, 0), (Deed.Advance, 2)]))];

        Play(scripts, script => script.Play(null, (recipe, train, test) => new Met(gathering.Enter(recipe, train, test, () => { }, CancellationToken.None), begun)));

        Assert.Equal([0L, 7, 0, 2], fleet.Calls.Select(call => call.Steps));
        Assert.All(fleet.Calls, call => Assert.Equal("0 1 2", string.Join(' ', call.Places)));
    }

    [Fact]
    public void Evaluations_come_first_and_then_the_least_number_of_steps()
    {
        var fleet = new ListedFleet(2);
        using var gathering = new Gathering(fleet);
        using var begun = new Barrier(2);
        Script[] scripts =
        [
            new(1, 0.01, 1, [(Deed.Advance, 5)]),
            new(2, 0.01, 1, [(Deed.Advance, 3), (Deed.Evaluate, 0), (Deed.Advance, 2)]),
        ];

        Play(scripts, script => script.Play(null, (recipe, train, test) => new Met(gathering.Enter(recipe, train, test, () => { }, CancellationToken.None), begun)));

        Assert.Equal([(2, 3L), (1, 0), (2, 2)], fleet.Calls.Select(call => (call.Places.Length, call.Steps)));
    }

    [Fact]
    public void A_fault_of_the_fleet_is_everybodys_and_nobody_is_left_waiting()
    {
        int calls = 0;
        using var gathering = new Gathering(new ListedFleet(3) { Before = () => _ = ++calls < 4 ? 0 : throw new InvalidDataException("The device is lost.") });
        Script[] scripts = [.. Enumerable.Range(1, 7).Select(seed => new Script((ulong)seed, 0.01, 1, [(Deed.Advance, 5), (Deed.Evaluate, 0), (Deed.Advance, 100), (Deed.Evaluate, 0)]))];

        string[] ends = Play(scripts, script =>
        {
            try
            {
                script.Play(null, (recipe, train, test) => gathering.Enter(recipe, train, test, () => { }, CancellationToken.None));
                return "well";
            }
            catch (InvalidDataException fault)
            {
                return fault.Message;
            }
        });

        Assert.All(ends, end => Assert.Equal("The device is lost.", end));
        Assert.True(gathering.IsEmpty);
    }

    [Fact]
    public void Nobody_waits_for_a_run_that_is_not_at_work_yet()
    {
        using var gathering = new Gathering(new ListedFleet(2));
        var script = new Script(1, 0.01, 1, [(Deed.Advance, 3), (Deed.Evaluate, 0)]);
        Recipe recipe = script.Recipe(null);
        List<long> alone = script.Play(null, (recipe, train, test) =>
        {
            idle ??= gathering.Enter(recipe, train, test, () => { }, CancellationToken.None);
            return gathering.Enter(recipe, train, test, () => { }, CancellationToken.None);
        });
        idle!.Dispose();
        idle.Dispose();

        Assert.Equal(script.Play(null, Alone), alone);
        Assert.True(gathering.IsEmpty);
    }

    private IStepMachine? idle;

    [Fact]
    public void Whoever_waits_for_a_place_gets_the_next_one_or_gives_up()
    {
        using var gathering = new Gathering(new ListedFleet(1));
        using var stop = new CancellationTokenSource();
        var script = new Script(1, 0.01, 1, []);
        script.Play(null, (recipe, train, test) =>
        {
            IStepMachine first = gathering.Enter(recipe, train, test, () => { }, CancellationToken.None);
            Task<IStepMachine> second = Task.Run(() => gathering.Enter(recipe, train, test, () => { }, CancellationToken.None));
            Task<IStepMachine> third = Task.Run(() => gathering.Enter(recipe, train, test, () => { }, stop.Token));
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => third.GetAwaiter().GetResult());
            Assert.False(second.IsCompleted);
            first.Dispose();
            Assert.True(second.Wait(Patience));
            return second.Result;
        });
        Assert.True(gathering.IsEmpty);
    }

    private static IStepMachine Alone(Recipe recipe, Samples train, Samples test) => new StepMachine(recipe, train, test, Precision.Single, threads: 1);

    // Each on a thread of its own, all at once.
    private static T[] Play<T>(Script[] scripts, Func<Script, T> play)
    {
        Task<T>[] tasks = [.. scripts.Select(script => Task.Factory.StartNew(() => play(script), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Assert.True(Task.WhenAll(tasks).Wait(Patience), "Somebody waits for ever.");
        return [.. tasks.Select(task => task.Result)];
    }

    /// <summary>A machine whose first state is loaded when all have come, and that asks for nothing before all have loaded theirs.</summary>
    private sealed class Met(IStepMachine inner, Barrier begun) : IStepMachine
    {
        public string NumericsProfile => inner.NumericsProfile;

        public long Step => inner.Step;

        public TrainState State => inner.State;

        public void Load(TrainState state)
        {
            inner.Load(state);
            begun.SignalAndWait();
        }

        public void Advance(long steps) => inner.Advance(steps);

        public Evaluation Evaluate(bool gradients) => inner.Evaluate(gradients);

        public void Dispose() => inner.Dispose();
    }
}
