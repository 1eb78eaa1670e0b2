using System.Runtime.InteropServices;

namespace Grokking.Cuda.Driver;

/// <summary>Something of the driver's that is given back on the device's thread, once.</summary>
/// <remarks>
/// A finaliser never calls the driver: it would do so on another thread, perhaps in the middle of a capture. What is not disposed of is given back with the context.
/// </remarks>
internal abstract class DriverHandle : SafeHandle
{
    private readonly Device device;

    /// <param name="device">Where it lives.</param>
    protected DriverHandle(Device device)
        : base(0, ownsHandle: true) => this.device = device;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        device.Free(Release, handle);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            base.Dispose(disposing);
        }
        else
        {
            SetHandleAsInvalid();
        }
    }

    /// <summary>The driver's function that gives it back.</summary>
    protected abstract void Release(nint value);
}

/// <summary>Memory of the device, zero at first.</summary>
internal sealed class DeviceMemory : DriverHandle
{
    /// <summary>Reserves so many bytes, at least 4, and clears them.</summary>
    /// <exception cref="CudaException">There is not so much left.</exception>
    internal DeviceMemory(Device device, long bytes)
        : base(device)
    {
        Bytes = Math.Max(4, (bytes + 3) / 4 * 4);
        device.Do(() =>
        {
            Native.cuMemAlloc_v2(out var address, (nuint)Bytes).Succeeded();
            SetHandle(unchecked((nint)address));
            Native.cuMemsetD32Async(address, 0, (nuint)(Bytes / 4), device.Stream).Succeeded();
        });
    }

    /// <summary>Its first byte, as the device counts them.</summary>
    internal ulong Address => unchecked((ulong)handle);

    /// <summary>Its size.</summary>
    internal long Bytes { get; }

    /// <inheritdoc/>
    protected override void Release(nint value) => Native.cuMemFree_v2(unchecked((ulong)value)).Succeeded();
}

/// <summary>Memory of the host that the device can read while the host goes on.</summary>
internal sealed class PinnedMemory : DriverHandle
{
    /// <summary>Reserves so many bytes.</summary>
    internal PinnedMemory(Device device, long bytes)
        : base(device) => device.Do(() =>
        {
            Native.cuMemHostAlloc(out var pointer, (nuint)bytes, 0).Succeeded();
            SetHandle(pointer);
        });

    /// <summary>Its first byte.</summary>
    internal unsafe byte* Pointer => (byte*)handle;

    /// <inheritdoc/>
    protected override void Release(nint value) => Native.cuMemFreeHost(value).Succeeded();
}

/// <summary>A mark in the stream that the host can wait for.</summary>
internal sealed class StreamMark : DriverHandle
{
    private const uint WithoutTiming = 2;

    /// <summary>A mark that nothing has set yet.</summary>
    internal StreamMark(Device device, bool timed = false)
        : base(device) => device.Do(() =>
        {
            Native.cuEventCreate(out var created, timed ? 0 : WithoutTiming).Succeeded();
            SetHandle(created);
        });

    /// <summary>Sets it behind what was enqueued so far.</summary>
    internal void Set(nint stream) => Native.cuEventRecord(handle, stream).Succeeded();

    /// <summary>Waits until the device has come to it.</summary>
    internal void Wait() => Native.cuEventSynchronize(handle).Succeeded();

    /// <summary>Seconds from another mark to this one; both were made with timing, and waited for.</summary>
    internal double SecondsSince(StreamMark earlier)
    {
        Native.cuEventElapsedTime(out var milliseconds, earlier.handle, handle).Succeeded();
        return milliseconds / 1000;
    }

    /// <inheritdoc/>
    protected override void Release(nint value) => Native.cuEventDestroy_v2(value).Succeeded();
}
