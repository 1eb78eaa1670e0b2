using System.Runtime.InteropServices;

namespace Grokking.Cuda.Driver;

/// <summary>Where the driver's library is.</summary>
internal static class Library
{
    /// <summary>The environment's word for another library with the driver's functions.</summary>
    internal const string Variable = "GROKKING_CUDA_DRIVER";

    /// <summary>What is tried: the file that the environment names, or else the driver as the system knows it.</summary>
    internal static string Name => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
        : OperatingSystem.IsWindows() ? "nvcuda.dll"
        : "libcuda.so.1";

    /// <summary>The loaded library, or 0.</summary>
    internal static nint Handle() => Handle(Name);

    /// <summary>The loaded library of a name, or 0.</summary>
    internal static nint Handle(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;

    /// <summary>Why a library of a name cannot be used, in a sentence; null where it can.</summary>
    internal static string? Objection(string name) => Handle(name) != 0 ? null
        : name == Environment.GetEnvironmentVariable(Variable) ? $"CUDA cannot be used: the library '{name}' that {Variable} names cannot be loaded."
        : $"CUDA cannot be used: this machine has no NVIDIA driver ({name} cannot be loaded).";
}
