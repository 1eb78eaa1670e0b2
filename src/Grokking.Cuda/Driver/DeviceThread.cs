using System.Runtime.ExceptionServices;

namespace Grokking.Cuda.Driver;

/// <summary>The one thread that calls the driver: callers hand it an action and wait until it is done.</summary>
internal sealed class DeviceThread : IDisposable
{
    private readonly Lock callers = new();
    private readonly SemaphoreSlim given = new(0);
    private readonly ManualResetEventSlim done = new(false);
    private readonly Thread thread;
    private Action? action;
    private ExceptionDispatchInfo? failure;

    internal DeviceThread()
    {
        thread = new(Work) { IsBackground = true, Name = "CUDA device" };
        thread.Start();
    }

    /// <summary>Does something on the thread; at once where the caller is on it already. What it throws is thrown here.</summary>
    internal void Do(Action what)
    {
        if (Thread.CurrentThread == thread)
        {
            what();
            return;
        }

        lock (callers)
        {
            ObjectDisposedException.ThrowIf(!thread.IsAlive, this);
            done.Reset();
            action = what;
            given.Release();
            done.Wait();
            var thrown = failure;
            failure = null;
            thrown?.Throw();
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (callers)
        {
            action = null;
            given.Release();
        }

        thread.Join();
        given.Dispose();
        done.Dispose();
    }

    private void Work()
    {
        for (given.Wait(); action is { } next; given.Wait())
        {
            try
            {
                next();
            }
#pragma warning disable CA1031 // Whatever it is, it is the caller's.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }

            action = null;
            done.Set();
        }
    }
}
