using Grokking.Host.Files;
using Grokking.Host.Service;
using Grokking.Host.Web;
using Grokking.Service.Control;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Serving;

/// <summary>Whether there is room for what is to be written, and a disk to write it to.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly Instruments instruments = new();
    private readonly SetClock clock = new();
    private readonly ServiceSettings settings;

    public ReadinessTests()
    {
        settings = new ServiceSettings(folder.Path, 1, 1, null, null);
        Inbox.Create(settings);
    }

    public void Dispose()
    {
        instruments.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_sound_disk_is_ready_and_nothing_stays_behind()
    {
        Assert.Null(Of(Disk.Real).Objection);
        Assert.Empty(Directory.GetFiles(settings.Queue));
    }

    [Fact]
    public void Too_little_room_is_told_in_bytes_and_seen_to_end()
    {
        var disk = new Room { Free = Readiness.LeastFreeBytes - 1 };
        Readiness readiness = Of(disk);
        Assert.Equal($"Only {Readiness.LeastFreeBytes - 1} bytes are free below {folder.Path}; {Readiness.LeastFreeBytes} are needed.", readiness.Objection);
        disk.Free++;
        clock.Seconds++;
        Assert.Null(readiness.Objection);
    }

    [Theory]
    [InlineData(DiskFault.Error)]
    [InlineData(DiskFault.ShortWrite)]
    public void Every_call_of_the_look_may_fail(DiskFault fault)
    {
        // Create, write, flush.
        for (int at = 1; at <= 3; at++)
        {
            string? objection = Of(new FaultyDisk(fault, at, forever: true)).Objection;
            Assert.StartsWith($"The queue {settings.Queue} cannot be written: ", objection, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_disk_that_does_not_answer_is_no_reason_to_give_no_answer()
    {
        using var answer = new ManualResetEventSlim();
        Readiness readiness = Of(new Files.HookedDisk((_, _) => answer.Wait()));
        Assert.Contains("has not answered", readiness.Objection, StringComparison.Ordinal);
        clock.Seconds = 5;
        Assert.Contains("has not answered for 5 seconds", readiness.Objection, StringComparison.Ordinal);
        answer.Set();
        // The look of then has an end; what it found is as good as any.
        Assert.True(SpinWait.SpinUntil(() => readiness.Objection is null, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void The_disk_is_asked_once_a_second_however_many_ask()
    {
        var disk = new FaultyDisk(DiskFault.Error, int.MaxValue, forever: false);
        Readiness readiness = Of(disk);
        for (int i = 0; i < 10; i++)
            Assert.Null(readiness.Objection);
        Assert.Equal(3, disk.Calls);
        clock.Seconds++;
        Assert.Null(readiness.Objection);
        Assert.Equal(6, disk.Calls);
    }

    private Readiness Of(Disk disk) => new(
        settings, new WorkerHealth(new SetClock(), NullLogger<WorkerHealth>.Instance, new Alerts(clock, NullLogger<Alerts>.Instance), instruments), disk, clock);

    private sealed class Room : Disk
    {
        public long Free { get; set; }

        public override long FreeBytes(string directory) => Free;
    }
}
