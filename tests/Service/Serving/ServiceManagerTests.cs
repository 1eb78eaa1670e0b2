using Grokking.Host.Service;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grokking.Service.Serving;

/// <summary>What the service manager is told, turn by turn.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly SetClock clock = new();
    private readonly Instruments instruments = new();
    private readonly WorkerHealth health;
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly Heard heard = new();

    public ServiceManagerTests() =>
        health = new WorkerHealth(clock, NullLogger<WorkerHealth>.Instance, new Alerts(clock, NullLogger<Alerts>.Instance), instruments);

    public void Dispose() => instruments.Dispose();

    [Fact]
    public void It_is_ready_once_when_it_has_started_and_the_worker_has_had_a_turn()
    {
        ServiceManager manager = Manager(patience: null);
        manager.Turn();
        Assert.Empty(heard.Words);
        lifetime.NotifyStarted();
        Assert.Empty(heard.Words);
        manager.Turn();
        manager.Turn();
        Assert.Equal(["READY=1"], heard.Words);
        lifetime.StopApplication();
        Assert.Equal(["READY=1", "STOPPING=1"], heard.Words);
    }

    [Fact]
    public void Signs_of_life_come_four_times_in_the_managers_patience_and_not_while_a_run_stands_still()
    {
        ServiceManager manager = Manager(patience: 20);
        health.Listen("run");
        string Turn(long second)
        {
            heard.Words.Clear();
            clock.Seconds = second;
            health.Tick();
            manager.Turn();
            return string.Join(' ', heard.Words);
        }

        // Whoever is not ready yet says nothing else first.
        Assert.Equal("", Turn(0));
        lifetime.NotifyStarted();
        Assert.Equal("READY=1 WATCHDOG=1", Turn(0));
        Assert.Equal("", Turn(4));
        Assert.Equal("WATCHDOG=1", Turn(5));
        // Eight seconds of silence are allowed.
        Assert.Equal("", Turn(10));
        Assert.Equal("", Turn(15));
        Assert.Equal("", Turn(40));
        health.Forget("run");
        Assert.Equal("WATCHDOG=1", Turn(41));
        // A disk that is full is no reason to be started again.
        health.Troubled("no space");
        Assert.Equal("WATCHDOG=1", Turn(46));
        health.Died("a bug");
        Assert.Equal("", Turn(60));
    }

    [Fact]
    public void Nothing_is_told_where_nobody_listens()
    {
        heard.IsEnabled = false;
        ServiceManager manager = Manager(patience: 20);
        lifetime.NotifyStarted();
        manager.Turn();
        lifetime.StopApplication();
        Assert.Empty(heard.Words);
    }

    private ServiceManager Manager(double? patience) =>
        new(heard, health, clock, lifetime, NullLogger<ServiceManager>.Instance, patience is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private sealed class Heard : ISystemdNotifier
    {
        public List<string> Words { get; } = [];

        public bool IsEnabled { get; set; } = true;

        public void Notify(ServiceState state) => Words.Add(state.ToString());
    }
}
