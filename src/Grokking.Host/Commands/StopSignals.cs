using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Grokking.Host.Commands;

/// <summary>
/// Ctrl-C and its relatives as a wish to stop: the first one asks for a checkpoint, the next one ends the process at once. SIGUSR1, by which schedulers warn that time is running out,
/// only asks. Within a second all are the same wish: who signals a process and its shell, which passes it on, means it once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan SameWish = TimeSpan.FromSeconds(1);
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly Lock turn = new();
    private long? asked;

    /// <summary>Begins to listen.</summary>
    public StopSignals() => registrations =
    [
        .. Signals.Select(signal => PosixSignalRegistration.Create(signal, Handle)),
        .. Warning is { } warning ? [PosixSignalRegistration.Create(warning, Ask)] : Array.Empty<PosixSignalRegistration>(),
    ];

    /// <summary>Cancelled when somebody wants the process to stop.</summary>
    public CancellationToken Token => source.Token;

    // Signals without a name are known by the number that the system gives them.
    private static PosixSignal? Warning => OperatingSystem.IsLinux() ? (PosixSignal)10 : OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD() ? (PosixSignal)30 : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        lock (turn)
        {
            long now = Stopwatch.GetTimestamp();
            context.Cancel = asked is not { } first || Stopwatch.GetElapsedTime(first, now) < SameWish;
            asked ??= now;
        }

        source.Cancel();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        source.Cancel();
    }
}
