using System.Diagnostics;
using Grokking.Host.Files;
using Grokking.Host.Runs;
using Grokking.Service.Files;
using Grokking.Service.Metrics;

namespace Grokking.Service.Runs;

/// <summary>One holder at a time, and one that lost its lease writes nothing more.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly RunDirectory run;

    public LeaseTests() => run = new(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_lease_has_one_holder_at_a_time_and_each_a_higher_token()
    {
        Lease first = Take()!;
        Assert.Equal((1, true), (first.Token, Lease.IsHeld(run, TimeProvider.System)));
        Assert.Null(Take());
        first.Dispose();
        Assert.False(Lease.IsHeld(run, TimeProvider.System));

        using Lease? second = Take();
        Assert.Equal(2, second?.Token);
        Assert.Equal([2], LeaseFile.Tokens(run));
        second!.Check();
    }

    [Fact]
    public void Of_many_who_try_at_once_one_gets_it()
    {
        for (int round = 0; round < 20; round++)
        {
            Lease?[] taken = [.. Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => Take())];
            using Lease holder = Assert.Single(taken.OfType<Lease>());
            holder.Check();
        }
    }

    /// <summary>What two threads of one process write in the same instant is the same, word for word.</summary>
    [Fact]
    public void Of_two_leases_that_look_alike_the_first_stays()
    {
        var clock = new ManualClock();
        Lease? first = null;
        RunDirectory hooked = run with
        {
            Disk = new HookedDisk((call, _) =>
            {
                if (call == FileCall.Move)
                    first ??= Lease.TryTake(run, clock);
            }),
        };

        Assert.Null(Lease.TryTake(hooked, clock));
        using (first)
            first!.Check();
    }

    /// <summary>As on a disk that knows no second name for a file, where the class library looks first and moves then.</summary>
    [Fact]
    public void Of_two_who_took_one_token_the_first_finds_out_before_it_publishes()
    {
        using Lease first = Take()!;
        (LeaseFile.Mine(1, TimeProvider.System) with { Process = 1, Host = "another machine", Scope = "another world" }).Publish(run, overwrite: true);

        Assert.Throws<LeaseLostException>(() => first.Owned.Disk.PublishText(folder.File("mine"), "two trainers"));
        Assert.True(first.IsLost);
        Assert.False(File.Exists(folder.File("mine")));
        first.Dispose();
        Assert.Equal("another machine", LeaseFile.Newest(run)!.Host);
    }

    [Fact]
    public void A_process_that_has_ended_holds_nothing()
    {
        // It waits for an input that never comes.
        using Process other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        (LeaseFile.Mine(4, TimeProvider.System) with { Process = other.Id, Start = ProcessIdentity.StartOf(other.Id)! }).Publish(run, overwrite: false);
        Assert.True(Lease.IsHeld(run, TimeProvider.System));
        Assert.Null(Take());
        other.Kill();
        other.WaitForExit();
        Assert.False(Lease.IsHeld(run, TimeProvider.System));
        using Lease? next = Take();
        Assert.Equal(5, next?.Token);
    }

    [Fact]
    public void A_process_number_that_was_given_to_another_process_holds_nothing()
    {
        (LeaseFile.Mine(1, TimeProvider.System) with { Start = "earlier" }).Publish(run, overwrite: false);
        Assert.False(Lease.IsHeld(run, TimeProvider.System));
    }

    [Fact]
    public void Another_machine_is_believed_for_as_long_as_it_shows_signs_of_life()
    {
        LeaseFile foreign = LeaseFile.Mine(1, TimeProvider.System) with { Host = "elsewhere", Scope = "another machine" };
        foreign.Publish(run, overwrite: false);
        Assert.True(Lease.IsHeld(run, TimeProvider.System));
        Assert.Null(Lease.TryTake(run, new QuickClock(), wait: true));

        Silence(foreign);
        Assert.False(Lease.IsHeld(run, TimeProvider.System));
        // Without waiting nobody can know.
        Assert.Null(Take());
        using Lease? next = Lease.TryTake(run, new QuickClock(), wait: true);
        Assert.Equal(2, next?.Token);
    }

    [Fact]
    public void Whoever_shows_a_sign_of_life_while_another_waits_keeps_it()
    {
        LeaseFile foreign = LeaseFile.Mine(1, TimeProvider.System) with { Scope = "another machine" };
        foreign.Publish(run, overwrite: false);
        Silence(foreign);
        var clock = new QuickClock(() => Disk.Real.Touch(foreign.PathIn(run), DateTimeOffset.UtcNow));
        Assert.Null(Lease.TryTake(run, clock, wait: true));
    }

    [Fact]
    public void A_holder_that_lost_it_publishes_nothing_more()
    {
        using Lease first = Take()!;
        first.Owned.Disk.PublishText(folder.File("run.json"), "first");
        LeaseFile file = LeaseFile.Newest(run)!;
        Silence(file);
        using Lease second = Lease.TryTake(run, new QuickClock(), wait: true)!;

        Assert.Throws<LeaseLostException>(() => first.Owned.Disk.PublishText(folder.File("run.json"), "late"));
        Assert.Throws<LeaseLostException>(() => first.Owned.Disk.Delete(folder.File("run.json")));
        Assert.Throws<LeaseLostException>(first.Check);
        Assert.True(first.IsLost);
        Assert.Equal("first", File.ReadAllText(folder.File("run.json")));
        second.Owned.Disk.PublishText(folder.File("run.json"), "second");
        first.Dispose();
        second.Check();
    }

    [Fact]
    public void Whoever_was_too_slow_to_take_it_does_not_have_it()
    {
        // Between the look and the act others take it twice and give it back; the slow one's number is free again.
        bool done = false;
        var slow = new HookedDisk((call, path) =>
        {
            if (call != FileCall.Move || done || !LeaseFile.Is(path))
                return;
            done = true;
            Take()!.Dispose();
            Take()!.Dispose();
        });
        Assert.Null(Lease.TryTake(run with { Disk = slow }, TimeProvider.System));
        Assert.Equal([2], LeaseFile.Tokens(run));
    }

    [Fact]
    public void A_holder_that_stands_still_shows_no_more_signs_of_life()
    {
        var clock = new ManualClock();
        using Lease lease = Lease.TryTake(run, clock)!;
        LeaseFile file = LeaseFile.Newest(run)!;
        DateTimeOffset SignAfter(TimeSpan time)
        {
            clock.Advance(time);
            return file.LastSign(run);
        }

        DateTimeOffset first = SignAfter(TimeSpan.FromSeconds(5));
        Assert.NotEqual(first, SignAfter(TimeSpan.FromSeconds(60)));
        DateTimeOffset last = SignAfter(TimeSpan.FromSeconds(50));
        Assert.Equal(last, SignAfter(TimeSpan.FromSeconds(10)));
        Assert.Equal(last, SignAfter(TimeSpan.FromMinutes(10)));
        lease.Progress();
        Assert.NotEqual(last, SignAfter(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_lease_that_cannot_be_read_is_not_ignored()
    {
        File.WriteAllText(Path.Combine(run.Path, ".lease-000003"), "");
        Assert.True(Lease.IsHeld(run, TimeProvider.System));
        Assert.Null(Take());
    }

    private Lease? Take() => Lease.TryTake(run, TimeProvider.System);

    private void Silence(LeaseFile lease) => Disk.Real.Touch(lease.PathIn(run), DateTimeOffset.UtcNow - TimeSpan.FromMinutes(5));

    /// <summary>A clock by which little patience is a long time.</summary>
    private sealed class QuickClock(Action? looked = null) : TimeProvider
    {
        private long seconds;

        public override long GetTimestamp()
        {
            if (seconds > 10)
                looked?.Invoke();
            return seconds += 4;
        }

        public override long TimestampFrequency => 1;
    }
}
