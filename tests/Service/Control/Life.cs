using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Grokking.Host.Training;
using Grokking.Service.Files;
using Grokking.Service.Training;

namespace Grokking.Service.Control;

/// <summary>What can happen to the one run of <see cref="Life"/>.</summary>
public enum LifeCommand
{
    /// <summary>Somebody submits it.</summary>
    Submit,

    /// <summary>Somebody wishes it to rest, while nobody trains it.</summary>
    Pause,

    /// <summary>Somebody wishes it to go on.</summary>
    Resume,

    /// <summary>Somebody gives it up.</summary>
    Cancel,

    /// <summary>Somebody wants more steps.</summary>
    Extend,

    /// <summary>A service takes it up if it waits, and trains it to its end.</summary>
    Serve,

    /// <summary>Somebody resumes it in the foreground.</summary>
    Foreground,

    /// <summary>A service trains it; meanwhile a pause is asked for.</summary>
    ServeAndPause,

    /// <summary>The same, and the wish is taken back before it is seen.</summary>
    ServeAndChangeMind,

    /// <summary>A service trains it; meanwhile it is given up.</summary>
    ServeAndCancel,

    /// <summary>A service trains it and is asked to stop.</summary>
    ServeAndStop,

    /// <summary>A service trains it and dies: nothing it does from some moment on reaches the disk.</summary>
    ServeAndKill,

    /// <summary>The same after a pause was asked for.</summary>
    PauseAndKill,

    /// <summary>The disk fails for a while in the middle of training.</summary>
    ServeAndFail,
}

/// <summary>A run with its files, and beside it a model of how it stands.</summary>
internal sealed class Life : IDisposable
{
    private const int Steps = 20;
    private const int More = 10;
    private readonly string root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"grokking-{Guid.NewGuid():N}");
    private readonly Experiment experiment = RunControlTests.Tiny(1, Steps);
    private readonly Random random = new(7);
    private RunStatus? model;
    private long step;
    private long token;

    /// <summary>Does something, and looks whether the run stands as it should.</summary>
    public void Do(LifeCommand command)
    {
        // Each command by a process of its own, which remembers nothing.
        var runs = new RunCatalogue(root);
        var control = new RunControl(runs, TimeProvider.System);
        RunDirectory directory = runs.DirectoryOf(CanonicalForm.RunId(experiment));
        if (command == LifeCommand.Submit)
        {
            Assert.Equal(model is null, control.Submit(experiment).OrThrow().IsNew);
            model ??= RunStatus.Queued;
        }
        else if (model is { } before)
        {
            Act(command, before, control, directory);
        }

        Check(directory);
    }

    public void Dispose()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    private static RunEntry Read(RunDirectory directory) => RunCatalogue.Open(directory).OrThrow();

    private void Act(LifeCommand command, RunStatus before, RunControl control, RunDirectory directory)
    {
        switch (command)
        {
            case LifeCommand.Pause:
                Wish(before, RunEvent.Pause, control.Pause(Read(directory)));
                break;
            case LifeCommand.Resume:
                Wish(before, RunEvent.Resume, control.Resume(Read(directory)));
                break;
            case LifeCommand.Cancel:
                Wish(before, RunEvent.Cancel, control.Cancel(Read(directory)));
                break;
            case LifeCommand.Extend:
                Wish(before, RunEvent.Extend, control.Extend(Read(directory), More));
                break;
            case LifeCommand.Foreground:
                if (before.After(RunEvent.Begin).Succeeded)
                    Train(directory, () => { }, RunStatus.Completed);
                break;
            default:
                if (RunQueue.Waiting([Read(directory)]).Any())
                    Serve(command, control, directory);
                else
                    Assert.False(before == RunStatus.Queued);
                break;
        }
    }

    private void Wish(RunStatus before, RunEvent wish, Result<Granted> granted)
    {
        Result<RunStatus> allowed = before.After(wish);
        Assert.Equal(allowed.Succeeded, granted.Succeeded);
        if (allowed is Result<RunStatus>.Success { Value: var next })
            model = next;
    }

    private void Serve(LifeCommand command, RunControl control, RunDirectory directory)
    {
        using var stop = new CancellationTokenSource();
        bool isDead = false, isBroken = false;
        void Pause() => control.Pause(Read(directory)).OrThrow();
        (Action interfere, RunStatus end) = command switch
        {
            LifeCommand.Serve => (() => { }, RunStatus.Completed),
            LifeCommand.ServeAndPause => (Pause, RunStatus.Paused),
            LifeCommand.ServeAndChangeMind => (() =>
            {
                Pause();
                control.Resume(Read(directory)).OrThrow();
            }, RunStatus.Completed),
            LifeCommand.ServeAndCancel => (() => control.Cancel(Read(directory)).OrThrow(), RunStatus.Cancelled),
            LifeCommand.ServeAndStop => (stop.Cancel, RunStatus.Interrupted),
            LifeCommand.ServeAndKill => (() => isDead = true, RunStatus.Interrupted),
            LifeCommand.PauseAndKill => (() =>
            {
                Pause();
                isDead = true;
            }, RunStatus.Paused),
            _ => ((Action)(() => isBroken = true), RunStatus.Failed),
        };
        var disk = new HookedDisk((call, _) =>
        {
            if (isDead)
                throw new DeadProcessException();
            if (isBroken && call == FileCall.FlushFile)
            {
                isBroken = false;
                throw new IOException("The disk is broken.");
            }
        });
        Train(directory with { Disk = disk }, interfere, end, stop.Token);
        if (!isDead)
            return;
        // What the operating system would know of it.
        LeaseFile lease = LeaseFile.Newest(directory)!;
        (lease with { Start = "ended" }).Publish(directory, overwrite: true);
    }

    private void Train(RunDirectory directory, Action interfere, RunStatus end, CancellationToken stop = default)
    {
        // At a step that is still to come, whatever is left of the run.
        int turn = 1 + random.Next(4);
        bool interfered = false;
        var machine = new CountingMachine(() =>
        {
            if (--turn != 0)
                return;
            interfered = true;
            interfere();
        });
        try
        {
            Result<RunRecord> result = new Sitting(experiment, directory, 1, new SlowClock(), new Silence(_ => { }))
            {
                Engine = (_, _, _, _) => Result.Success<Grokking.Training.IStepMachine>(machine),
            }.Run(stop);
            // A run that was at its end already, or that ended before anybody could interfere, is completed.
            model = interfered || end is RunStatus.Completed ? result.OrThrow().Status is RunStatus.Completed ? RunStatus.Completed : end : RunStatus.Completed;
            Assert.Equal(model, result.OrThrow().Status);
        }
        catch (DeadProcessException)
        {
            model = end;
        }
    }

    private void Check(RunDirectory directory)
    {
        if (model is null)
        {
            Assert.False(directory.Exists);
            return;
        }

        RunRecord record = Read(directory).Record;
        Assert.Equal(model, record.Status);
        Assert.True(record.Token >= token);
        token = record.Token;
        // A checkpoint is never taken back.
        Assert.True(record.Step >= step, $"{record.Step} after {step}");
        step = record.Step;
        long[] rows = [.. MetricsHistory.Open(directory.Path).Steps];
        Assert.Equal(rows.Distinct().Order(), rows);
        if (step > 0)
            Assert.Empty(Enumerable.Range(0, (int)(step / 5) + 1).Select(i => 5L * i).Except(rows));
        if (record.Status == RunStatus.Completed)
            Assert.Equal(record.Budget, record.Step);
    }

    private sealed class DeadProcessException : Exception;
}
