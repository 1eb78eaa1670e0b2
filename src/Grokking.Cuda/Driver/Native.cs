using System.Runtime.InteropServices;

namespace Grokking.Cuda.Driver;

/// <summary>The functions of the CUDA driver that are used, under its own names and in its own types.</summary>
/// <remarks>CUDA Driver API reference manual. A CUresult is an int, 0 for success; handles are pointers; device addresses are 64-bit numbers.</remarks>
internal static unsafe partial class Native
{
    /// <summary>The name by which <see cref="Library"/> finds the driver.</summary>
    internal const string Driver = "cuda";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, (name, _, _) => name == Driver ? Library.Handle() : 0);

    [LibraryImport(Driver)]
    internal static partial int cuInit(uint flags);

    [LibraryImport(Driver)]
    internal static partial int cuDriverGetVersion(out int version);

    [LibraryImport(Driver)]
    internal static partial int cuGetErrorName(int error, out nint name);

    [LibraryImport(Driver)]
    internal static partial int cuGetErrorString(int error, out nint text);

    [LibraryImport(Driver)]
    internal static partial int cuDeviceGetCount(out int count);

    [LibraryImport(Driver)]
    internal static partial int cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Driver)]
    internal static partial int cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Driver)]
    internal static partial int cuDeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(Driver)]
    internal static partial int cuDeviceTotalMem_v2(out nuint bytes, int device);

    [LibraryImport(Driver)]
    internal static partial int cuDevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(Driver)]
    internal static partial int cuDevicePrimaryCtxRelease_v2(int device);

    [LibraryImport(Driver)]
    internal static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(Driver)]
    internal static partial int cuMemGetInfo_v2(out nuint free, out nuint total);

    [LibraryImport(Driver)]
    internal static partial int cuMemAlloc_v2(out ulong address, nuint bytes);

    [LibraryImport(Driver)]
    internal static partial int cuMemFree_v2(ulong address);

    [LibraryImport(Driver)]
    internal static partial int cuMemHostAlloc(out nint pointer, nuint bytes, uint flags);

    [LibraryImport(Driver)]
    internal static partial int cuMemFreeHost(nint pointer);

    [LibraryImport(Driver)]
    internal static partial int cuMemcpyHtoDAsync_v2(ulong to, void* from, nuint bytes, nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuMemcpyDtoHAsync_v2(void* to, ulong from, nuint bytes, nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuMemsetD32Async(ulong to, uint value, nuint count, nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuStreamCreate(out nint stream, uint flags);

    [LibraryImport(Driver)]
    internal static partial int cuStreamDestroy_v2(nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuStreamSynchronize(nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuStreamBeginCapture_v2(nint stream, int mode);

    [LibraryImport(Driver)]
    internal static partial int cuStreamEndCapture(nint stream, out nint graph);

    [LibraryImport(Driver)]
    internal static partial int cuGraphInstantiateWithFlags(out nint executable, nint graph, ulong flags);

    [LibraryImport(Driver)]
    internal static partial int cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuGraphExecDestroy(nint executable);

    [LibraryImport(Driver)]
    internal static partial int cuGraphDestroy(nint graph);

    [LibraryImport(Driver)]
    internal static partial int cuModuleLoadDataEx(out nint module, void* image, uint count, int* options, void** values);

    [LibraryImport(Driver)]
    internal static partial int cuModuleUnload(nint module);

    [LibraryImport(Driver, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int cuModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(Driver)]
    internal static partial int cuFuncSetAttribute(nint function, int attribute, int value);

    [LibraryImport(Driver)]
    internal static partial int cuLaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream, void** parameters, void** extra);

    [LibraryImport(Driver)]
    internal static partial int cuEventCreate(out nint created, uint flags);

    [LibraryImport(Driver)]
    internal static partial int cuEventRecord(nint recorded, nint stream);

    [LibraryImport(Driver)]
    internal static partial int cuEventSynchronize(nint awaited);

    [LibraryImport(Driver)]
    internal static partial int cuEventElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(Driver)]
    internal static partial int cuEventDestroy_v2(nint destroyed);
}
