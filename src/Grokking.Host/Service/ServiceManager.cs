using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>
/// Tells the service manager (systemd, by <c>NOTIFY_SOCKET</c>) how the service stands: <c>READY=1</c> once it listens and has looked at its queue, <c>WATCHDOG=1</c> for as long
/// as the worker and every run go on, <c>STOPPING=1</c> at its end. The worker itself calls: a worker that is stuck or dead says nothing, and is started again.
/// </summary>
internal sealed class ServiceManager
{
    // Of the time after which the manager gives the service up; it asks for half of it at least.
    private const int PingsPerPatience = 4;

    private readonly ISystemdNotifier notifier;
    private readonly WorkerHealth health;
    private readonly TimeProvider time;
    private readonly IHostApplicationLifetime lifetime;
    private readonly ILogger<ServiceManager> logger;
    private readonly TimeSpan? pingEvery;
    private bool isReady;
    private long? lastPing;

    /// <summary>Reads what the manager expects from the environment.</summary>
    public ServiceManager(ISystemdNotifier notifier, WorkerHealth health, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ServiceManager> logger)
        : this(notifier, health, time, lifetime, logger, PatienceOf(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID")))
    {
    }

    /// <summary>The same with a known patience.</summary>
    /// <param name="notifier">Carries the words.</param>
    /// <param name="health">What is known about the work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lifetime">Knows when the service has started and when it is to stop.</param>
    /// <param name="logger">The service's log.</param>
    /// <param name="patience">How long the manager waits for a sign of life; null where it expects none.</param>
    internal ServiceManager(ISystemdNotifier notifier, WorkerHealth health, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ServiceManager> logger, TimeSpan? patience)
    {
        (this.notifier, this.health, this.time, this.lifetime, this.logger) = (notifier, health, time, lifetime, logger);
        pingEvery = patience / PingsPerPatience;
        lifetime.ApplicationStopping.Register(() => Tell(ServiceState.Stopping));
    }

    /// <summary>A turn of the worker is done.</summary>
    public void Turn()
    {
        if (!notifier.IsEnabled)
            return;
        if (!isReady && lifetime.ApplicationStarted.IsCancellationRequested)
        {
            isReady = true;
            Tell(ServiceState.Ready);
        }

        // A full disk is no reason to be started again; what stands still is.
        if (!isReady || pingEvery is not { } every || health.Stall is not null || (lastPing is { } last && time.GetElapsedTime(last) < every))
            return;
        lastPing = time.GetTimestamp();
        Tell(new ServiceState("WATCHDOG=1"));
    }

    /// <summary>How long the manager waits for a sign of life of this process; null where it expects none.</summary>
    /// <param name="microseconds">What <c>WATCHDOG_USEC</c> says.</param>
    /// <param name="process">What <c>WATCHDOG_PID</c> says: whom it means, where it is not whoever reads it.</param>
    internal static TimeSpan? PatienceOf(string? microseconds, string? process) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long patience) && patience > 0
        && (string.IsNullOrEmpty(process) || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(patience)
            : null;

    private void Tell(ServiceState state)
    {
        if (!notifier.IsEnabled)
            return;
        try
        {
            notifier.Notify(state);
        }
        catch (SocketException fault)
        {
            // Training goes on without; a manager that hears nothing draws its own conclusions.
            logger.LogWarning("The service manager could not be told {State}: {Reason}", state.ToString(), fault.Message);
        }
    }
}
