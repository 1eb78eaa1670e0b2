using System.Collections.Concurrent;
using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Host.Configuration;
using Grokking.Host.Devices;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;
using Grokking.Host.Training;
using Grokking.Service.Sweeps;
using Grokking.Service.Training;
using Grokking.Training;

namespace Grokking.Service.Devices;

/// <summary>A sweep whose runs go through a fleet together: each leaves the files that it leaves alone. The fleet is the plainest one, so that every bit must be the processor's.</summary>
public sealed class DeviceSweepTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly ConcurrentBag<ListedFleet> fleets = [];

    // Two families, one for each width; rates, budgets and seeds divide none.
    private readonly SweepPlan plan = SweepPlanner.Plan(SweepDefinition.Of("fleets", PlanTests.Tiny).With(
        [], [.. new[] { "optimiser.learningRate=1,2", "budget.steps=23,40", "network.width=4,5" }.Select(axis => Axis.Parse(axis).OrThrow())], [0, 1, 2])).OrThrow();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Every_run_leaves_what_it_leaves_alone(int together)
    {
        RunCatalogue alone = Alone();
        RunCatalogue here = new(folder.File("together"));

        ImmutableArray<RunEnd> ends = Sweep(here, Device(), together, new Listening());

        Assert.Equal(plan.Runs.Length, ends.Length);
        Assert.All(ends, end => Assert.Equal(RunStatus.Completed, end.Record!.Status));
        AssertAlike(alone, here, [.. plan.Runs.Select(each => each.Run.Run)]);
        Assert.All(fleets, fleet => Assert.True(fleet.IsDisposed));
        if (together == 100)
            Assert.Equal([plan.Runs.Length / 2, plan.Runs.Length / 2], fleets.Select(fleet => fleet.Places));
    }

    [Fact]
    public void One_that_fails_one_that_is_paused_and_one_that_is_cancelled_do_not_stop_the_others()
    {
        RunCatalogue alone = Alone();
        RunCatalogue here = new(folder.File("together"));
        string[] runs = [.. plan.Runs.Select(each => each.Run.Run)];
        var listening = new Listening((run, progress) =>
        {
            RunDirectory directory = here.DirectoryOf(run);
            if (progress.Step < 5)
                return;
            if (run == runs[0])
                throw new IOException("The disk is full.");
            if (run == runs[1])
                File.WriteAllText(directory.PauseRequest, "");
            if (run == runs[2])
                File.WriteAllText(directory.CancelRequest, "");
        });

        Dictionary<string, RunEnd> ends = Sweep(here, Device(), 5, listening, new SlowClock()).ToDictionary(end => end.Run);

        Assert.Equal(
            (RunStatus.Failed, RunStatus.Paused, RunStatus.Cancelled), (ends[runs[0]].Record!.Status, ends[runs[1]].Record!.Status, ends[runs[2]].Record!.Status));
        Assert.Equal("The disk is full.", ends[runs[0]].Reason);
        AssertAlike(alone, here, runs[3..]);
        // What was left goes on, alone or together.
        Sweep(here, Device(), 5, new Listening());
        AssertAlike(alone, here, [runs[0], runs[1], .. runs[3..]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    public void Where_the_device_is_lost_the_processor_goes_on_if_it_may(int calls)
    {
        RunCatalogue alone = Alone();
        RunCatalogue here = new(folder.File("together"));
        var listening = new Listening();

        ImmutableArray<RunEnd> ends = Sweep(here, Device(calls, Engines.Own(1)), 5, listening);

        Assert.Equal(plan.Runs.Length, ends.Length);
        Assert.All(ends, end => Assert.Equal(RunStatus.Completed, end.Record!.Status));
        AssertAlike(alone, here, [.. plan.Runs.Select(each => each.Run.Run)]);
        // That the processor's last bits may be others is said too.
        Assert.Contains("The device is lost.", listening.Warnings);
        Assert.All(listening.Warnings, warning => Assert.True(warning == "The device is lost." || warning.StartsWith("This machine computes as ", StringComparison.Ordinal), warning));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Where_the_device_is_lost_and_nothing_else_may_train_all_runs_can_be_taken_up_again(int calls)
    {
        RunCatalogue alone = Alone();
        RunCatalogue here = new(folder.File("together"));

        ImmutableArray<RunEnd> ends = Sweep(here, Device(calls, instead: null), 5, new Listening());

        Assert.InRange(ends.Length, 1, plan.Runs.Length - 1);
        Assert.All(ends, end => Assert.Equal((RunStatus.Interrupted, false), (end.Record!.Status, end.Failed)));
        Assert.All(ends, end => Assert.Equal(RunStatus.Interrupted, RunRecord.Read(here.DirectoryOf(end.Run)).OrThrow().Status));
        new SweepRunner(here, 2, TimeProvider.System, new Listening()).Run([.. plan.Runs], CancellationToken.None);
        AssertAlike(alone, here, [.. plan.Runs.Select(each => each.Run.Run)]);
    }

    [Fact]
    public void A_stop_reaches_those_at_work_and_those_that_wait_for_a_place()
    {
        RunCatalogue here = new(folder.File("together"));
        using var stop = new CancellationTokenSource();
        var listening = new Listening((_, progress) =>
        {
            if (progress.Step >= 5)
                stop.Cancel();
        });
        // More sittings than places, so that some wait for one.
        var device = new DeviceEngine(NoneAlone, (_, _, _, _) => Result.Success<IFleet>(new ListedFleet(2)), () => { }, null);

        ImmutableArray<RunEnd> ends = Runner(here, device, 9, listening, TimeProvider.System, stop.Token).Run([.. plan.Runs], stop.Token);

        Assert.InRange(ends.Length, 1, plan.Runs.Length - 1);
        Assert.All(ends, end => Assert.False(end.Failed, end.Reason));
        Assert.All(ends, end => Assert.Contains(end.Record!.Status, new[] { RunStatus.Interrupted, RunStatus.Completed }));
    }

    [Fact]
    public void Double_precision_is_no_devices()
    {
        Experiment experiment = plan.Runs[0].Point.Experiment(plan.Runs[0].Run).OrThrow() with { Precision = Precision.Double };
        var directory = new RunDirectory(folder.File("run"));

        Result<RunRecord> result = new Sitting(experiment, directory, 1, TimeProvider.System, new Silence(_ => { })) { Engine = Device().Alone }.Run(CancellationToken.None);

        Assert.Contains("'double'; a device computes in single precision", Assert.IsType<Result<RunRecord>.Failure>(result).Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void Samples_that_change_go_through_a_machine_of_their_own()
    {
        Experiment experiment = ConfigurationText.Read("""
            { "name": "changing", "task": { "operation": "x + y", "modulus": 7 }, "split": { "trainFraction": 0.6, "later": { "fromStep": 12, "trainFraction": 0.3 } },
              "network": { "kind": "quadratic", "width": 8 }, "optimiser": { "kind": "gradientDescent", "learningRate": 1 }, "budget": { "steps": 30 }, "evaluation": { "every": 10 } }
            """).Experiment!;
        int alone = 0;
        var device = new DeviceEngine(
            (recipe, train, test) =>
            {
                alone++;
                return Result.Success<IStepMachine>(new StepMachine(recipe, train, test, Precision.Single, 1));
            },
            (_, _, _, _) => throw new NotSupportedException(),
            () => { },
            null);
        device.Expect(experiment, 1);

        RunRecord record = new Sitting(experiment, new RunDirectory(folder.File("run")), 1, TimeProvider.System, new Silence(_ => { }))
        {
            Engine = device.Together(experiment, 9, CancellationToken.None),
        }.Run(CancellationToken.None).OrThrow();

        Assert.Equal((RunStatus.Completed, 2), (record.Status, alone));
    }

    private static Result<IStepMachine> NoneAlone(Recipe recipe, Samples train, Samples test) => throw new NotSupportedException("Every run here can be one of a fleet.");

    // Lost after so many calls of all fleets together.
    private DeviceEngine Device(int calls = int.MaxValue, MachineMaker? instead = null)
    {
        int made = 0;
        void Check(int call)
        {
            if (call > calls)
                throw new DeviceLostException("The device is lost.");
        }

        return new(
            NoneAlone,
            (_, _, _, places) =>
            {
                var fleet = new ListedFleet(places) { Before = () => Check(Interlocked.Increment(ref made)) };
                fleets.Add(fleet);
                return Result.Success<IFleet>(fleet);
            },
            () => Check(Volatile.Read(ref made)),
            instead);
    }

    private RunCatalogue Alone()
    {
        var runs = new RunCatalogue(folder.File("alone"));
        new SweepRunner(runs, 2, TimeProvider.System, new Listening()).Run([.. plan.Runs], CancellationToken.None);
        return runs;
    }

    private ImmutableArray<RunEnd> Sweep(RunCatalogue runs, DeviceEngine device, int together, Listening listening, TimeProvider? time = null)
    {
        foreach (IGrouping<SweepPoint, (SweepPoint Point, PlannedRun Run)> point in plan.Runs.GroupBy(each => each.Point))
            device.Expect(point.Key.Settings(), point.Count());
        return Runner(runs, device, together, listening, time ?? TimeProvider.System, CancellationToken.None).Run([.. plan.Runs], CancellationToken.None);
    }

    private static SweepRunner Runner(RunCatalogue runs, DeviceEngine device, int together, Listening listening, TimeProvider time, CancellationToken stop) =>
        new(runs, 1, time, listening) { Engine = (experiment, _) => device.Together(experiment, together, stop), Together = together };

    private static void AssertAlike(RunCatalogue expected, RunCatalogue actual, string[] runs) =>
        Assert.All(runs, run => RunFiles.AssertAlike(expected.DirectoryOf(run), actual.DirectoryOf(run)));

    /// <summary>Hears everything, and does something whenever a run progresses.</summary>
    private sealed class Listening(Action<string, RunProgress>? progressed = null) : ISweepObserver
    {
        public ConcurrentBag<string> Warnings { get; } = [];

        public IRunObserver Listen(string run) => new Listener(this, run);

        public void Ended(RunEnd end)
        {
        }

        public void Waiting(int count)
        {
        }

        private sealed class Listener(Listening all, string run) : IRunObserver
        {
            public void Started(RunDirectory directory, long step)
            {
            }

            public void Progressed(RunProgress progress) => all.progressed?.Invoke(run, progress);

            public void Warned(string sentence) => all.Warnings.Add(sentence);

            public void Ended(RunRecord record)
            {
            }
        }

        private readonly Action<string, RunProgress>? progressed = progressed;
    }
}
