using System.Runtime.InteropServices;
using System.Text;

namespace Grokking.Cuda.Driver;

/// <summary>
/// An NVIDIA GPU, opened through its driver: the context, one stream, and the one thread that talks to them. May be called from any thread; programs and machines share it.
/// Dispose of them first.
/// </summary>
public sealed class Device : IDisposable
{
    /// <summary>The driver's interface of CUDA 11.4, the first with all that is called here.</summary>
    private const int LeastDriver = 11040;

    private const int LeastMajor = 8;
    private const int MajorAttribute = 75;
    private const int MinorAttribute = 76;
    private const uint NonBlocking = 1;

    private readonly DeviceThread thread;
    private readonly int ordinal;
    private readonly Dictionary<string, Module> modules = [];
    private DeviceLostException? lost;
    private Staging? staging;

    private Device(DeviceThread thread, int ordinal, int driverVersion)
    {
        (this.thread, this.ordinal, DriverVersion) = (thread, ordinal, driverVersion);
        (Name, Capability) = ("", (0, 0));
        Do(Describe);
    }

    /// <summary>What its maker calls it.</summary>
    public string Name { get; private set; }

    /// <summary>Its compute capability.</summary>
    public (int Major, int Minor) Capability { get; private set; }

    /// <summary>The CUDA version of the driver's interface, 1000 · major + 10 · minor.</summary>
    public int DriverVersion { get; }

    /// <summary>Its memory, in bytes.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Its memory that nobody has at the moment, in bytes.</summary>
    public long FreeBytes
    {
        get
        {
            nuint free = 0;
            Do(() => Native.cuMemGetInfo_v2(out free, out _).Succeeded());
            return (long)free;
        }
    }

    /// <summary>Whether it was lost; nothing can be done with it any more.</summary>
    public bool IsLost => lost is not null;

    /// <summary>The stream that all work goes through, in order.</summary>
    internal nint Stream { get; private set; }

    /// <summary>How numbers get from the host to it.</summary>
    internal Staging Staging => staging ??= new(this);

    /// <summary>Opens the first device of this machine.</summary>
    /// <returns>The device, or in one sentence why CUDA cannot be used: no library, a driver too old, no device, or one of capability below 8.0.</returns>
    public static Result<Device> TryOpen()
    {
        if (Library.Objection(Library.Name) is { } objection)
        {
            return Result.Failure<Device>(objection);
        }

        var thread = new DeviceThread();
        try
        {
            Result<Device>? opened = null;
            thread.Do(() => opened = Open(thread));
            if (opened!.Succeeded)
            {
                return opened;
            }

            thread.Dispose();
            return opened;
        }
        catch (Exception refusal) when (refusal is EntryPointNotFoundException or DllNotFoundException or BadImageFormatException or CudaException)
        {
            thread.Dispose();
            return Result.Failure<Device>(refusal is EntryPointNotFoundException
                ? $"CUDA cannot be used: the driver is too old ({refusal.Message.TrimEnd('.')}); version 11.4 of CUDA or later is needed."
                : $"CUDA cannot be used: {refusal.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Does something on the device's thread, and waits until it is done; at once where that is the caller's.</summary>
    /// <exception cref="DeviceLostException">The device is lost, now or since before.</exception>
    internal void Do(Action action) => thread.Do(() =>
    {
        if (lost is not null)
        {
            throw new DeviceLostException(lost.Code, lost.Message);
        }

        try
        {
            action();
        }
        catch (DeviceLostException loss)
        {
            lost = loss;
            throw;
        }
    });

    /// <summary>Does something on the device's thread.</summary>
    internal T Do<T>(Func<T> function)
    {
        T? value = default;
        Do(() => { value = function(); });
        return value!;
    }

    /// <summary>Gives something back, unless the device is lost or closed and it went with it.</summary>
    internal void Free(Action<nint> release, nint value)
    {
        if (Stream == 0)
        {
            return;
        }

        thread.Do(() =>
        {
            if (lost is not null)
            {
                return;
            }

            try
            {
                release(value);
            }
            catch (DeviceLostException loss)
            {
                lost = loss;
            }
        });
    }

    /// <summary>Waits until all that was enqueued is done.</summary>
    internal void Synchronise() => Do(() => Native.cuStreamSynchronize(Stream).Succeeded());

    /// <summary>A copy of the device's memory, in stream order; waits for it.</summary>
    internal unsafe void Download<T>(ulong from, Span<T> to)
        where T : unmanaged
    {
        fixed (T* pointer = to)
        {
            var target = pointer;
            var bytes = (nuint)((long)to.Length * sizeof(T));
            Do(() =>
            {
                Native.cuMemcpyDtoHAsync_v2(target, from, bytes, Stream).Succeeded();
                Native.cuStreamSynchronize(Stream).Succeeded();
            });
        }
    }

    /// <summary>The module of a name, loaded when it is first asked for.</summary>
    internal Module ModuleOf(string name, Func<string> ptx)
    {
        if (!modules.TryGetValue(name, out var module))
        {
            modules[name] = module = new(this, ptx());
        }

        return module;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Stream == 0)
        {
            return;
        }

        staging?.Dispose();
        foreach (var module in modules.Values)
        {
            module.Dispose();
        }

        thread.Do(() =>
        {
            // Of a lost device nothing can be given back but the context.
            _ = Native.cuStreamDestroy_v2(Stream);
            Stream = 0;
            _ = Native.cuDevicePrimaryCtxRelease_v2(ordinal);
        });
        thread.Dispose();
    }

    private static Result<Device> Open(DeviceThread thread)
    {
        static Result<Device> Refuse(string reason) => Result.Failure<Device>($"CUDA cannot be used: {reason}.");

        const int NoDevice = 100;
        var begun = Native.cuInit(0);
        if (begun == NoDevice)
        {
            return Refuse("this machine has no NVIDIA GPU");
        }

        if (begun != 0)
        {
            return Refuse($"the driver does not start, {Check.Words(begun)}");
        }

        Native.cuDriverGetVersion(out var version).Succeeded();
        if (version < LeastDriver)
        {
            return Refuse($"the driver is too old (CUDA {version / 1000}.{version % 1000 / 10}); version 11.4 or later is needed");
        }

        Native.cuDeviceGetCount(out var count).Succeeded();
        if (count == 0)
        {
            return Refuse("this machine has no NVIDIA GPU");
        }

        Native.cuDeviceGet(out var ordinal, 0).Succeeded();
        Native.cuDeviceGetAttribute(out var major, MajorAttribute, ordinal).Succeeded();
        Native.cuDeviceGetAttribute(out var minor, MinorAttribute, ordinal).Succeeded();
        return major < LeastMajor
            ? Refuse($"the GPU's compute capability is {major}.{minor}; 8.0 or higher is needed")
            : Result.Success(new Device(thread, ordinal, version));
    }

    private unsafe void Describe()
    {
        const int Length = 256;
        var name = stackalloc byte[Length];
        Native.cuDeviceGetName(name, Length, ordinal).Succeeded();
        Native.cuDeviceGetAttribute(out var major, MajorAttribute, ordinal).Succeeded();
        Native.cuDeviceGetAttribute(out var minor, MinorAttribute, ordinal).Succeeded();
        Native.cuDeviceTotalMem_v2(out var bytes, ordinal).Succeeded();
        Native.cuDevicePrimaryCtxRetain(out var context, ordinal).Succeeded();
        Native.cuCtxSetCurrent(context).Succeeded();
        Native.cuStreamCreate(out var stream, NonBlocking).Succeeded();
        (Name, Capability, TotalBytes, Stream) = (Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)), (major, minor), (long)bytes, stream);
    }
}
