using System.Text;

namespace Grokking.Cuda.Driver;

/// <summary>Kernels in the driver's assembly language, translated by the driver for the device at hand.</summary>
internal sealed unsafe class Module : DriverHandle
{
    private const int ErrorLogBuffer = 5;
    private const int ErrorLogSize = 6;
    private const int MaximumDynamicShared = 8;

    private readonly Device device;
    private readonly Dictionary<string, nint> functions = [];

    /// <summary>Loads PTX text.</summary>
    /// <exception cref="CudaException">The driver does not accept it; the message says what its compiler said.</exception>
    internal Module(Device device, string ptx)
        : base(device)
    {
        this.device = device;
        var text = Encoding.ASCII.GetBytes(ptx + '\0');
        device.Do(() =>
        {
            const int LogBytes = 8192;
            var log = new byte[LogBytes];
            fixed (byte* image = text, buffer = log)
            {
                var options = stackalloc int[] { ErrorLogBuffer, ErrorLogSize };
                var values = stackalloc void*[] { buffer, (void*)LogBytes };
                var result = Native.cuModuleLoadDataEx(out var module, image, 2, options, values);
                if (result is not 0)
                {
                    var said = Encoding.UTF8.GetString(log).TrimEnd('\0').Trim();
                    result.Succeeded($"cuModuleLoadDataEx{(said.Length == 0 ? "" : $" [{said}]")}");
                }

                SetHandle(module);
            }
        });
    }

    /// <summary>A kernel by its name.</summary>
    internal nint Function(string name)
    {
        if (!functions.TryGetValue(name, out var function))
        {
            device.Do(() => Native.cuModuleGetFunction(out function, handle, name).Succeeded($"cuModuleGetFunction '{name}'"));
            functions[name] = function;
        }

        return function;
    }

    /// <summary>Lets a kernel have more than 48 kB of shared memory at its launch.</summary>
    internal void AllowShared(string name, int bytes) =>
        device.Do(() => Native.cuFuncSetAttribute(Function(name), MaximumDynamicShared, bytes).Succeeded());

    /// <inheritdoc/>
    protected override void Release(nint value) => Native.cuModuleUnload(value).Succeeded();
}
