using System.Runtime.InteropServices;

namespace Grokking.Host.Service;

/// <summary>The memory that is not the collector's: the engine's areas, and what the compiler of the runtime works with.</summary>
internal static class NativeHeap
{
    // The numbers that glibc's <malloc.h> gives to M_ARENA_MAX and M_MMAP_THRESHOLD.
    private const int MostArenas = -8;
    private const int LargeFrom = -3;
    private const int LargeBytes = 128 * 1024;

    /// <summary>
    /// Has freed memory go back to the system. By itself glibc gives threads heaps of their own, up to eight for each processor, which never shrink below what a run once needed in them: a service
    /// grew by some megabytes with each of its first dozens of runs. Other systems and other C libraries have no such heaps, and nothing is done there.
    /// </summary>
    public static void KeepSmall()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Set(MostArenas, 2);
            // Said once, the limit stays: otherwise it grows to the largest block that was ever freed.
            _ = Set(LargeFrom, LargeBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has neither arenas nor this function.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Set(int parameter, int value);
}
