namespace Grokking.Cuda.Driver;

/// <summary>What was enqueued in one go, recorded once to be replayed as a whole. It holds raw addresses: it must be disposed of before the memory that it works on.</summary>
internal sealed class Graph : DriverHandle
{
    /// <summary>Other threads' calls are nobody's concern while a capture is under way.</summary>
    private const int Relaxed = 2;

    private readonly Device device;

    /// <summary>Records what an action enqueues, without running it.</summary>
    internal Graph(Device device, Action enqueue)
        : base(device)
    {
        this.device = device;
        device.Do(() =>
        {
            Native.cuStreamBeginCapture_v2(device.Stream, Relaxed).Succeeded();
            nint graph = 0;
            try
            {
                enqueue();
            }
            finally
            {
                Native.cuStreamEndCapture(device.Stream, out graph).Succeeded();
            }

            try
            {
                Native.cuGraphInstantiateWithFlags(out var executable, graph, 0).Succeeded();
                SetHandle(executable);
            }
            finally
            {
                Native.cuGraphDestroy(graph).Succeeded();
            }
        });
    }

    /// <summary>Enqueues all of it.</summary>
    internal void Launch() => device.Do(() => Native.cuGraphLaunch(handle, device.Stream).Succeeded());

    /// <inheritdoc/>
    protected override void Release(nint value) => Native.cuGraphExecDestroy(value).Succeeded();
}
