using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grokking.Cuda.Driver;

/// <summary>Every result of the driver goes through here.</summary>
internal static class Check
{
    /// <summary>Throws unless a call succeeded.</summary>
    /// <param name="result">The driver's CUresult.</param>
    /// <param name="call">The call, as it stands in the source.</param>
    /// <exception cref="DeviceLostException">The context is lost.</exception>
    /// <exception cref="CudaException">Any other failure.</exception>
    internal static void Succeeded(this int result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result != 0)
        {
            throw Failure(result, call);
        }
    }

    /// <summary>The driver's name and words for a result.</summary>
    internal static string Words(int result)
    {
        var name = Native.cuGetErrorName(result, out var pointer) == 0 ? Marshal.PtrToStringUTF8(pointer) : null;
        var text = Native.cuGetErrorString(result, out pointer) == 0 ? Marshal.PtrToStringUTF8(pointer) : null;
        return $"{name ?? "unknown error"} ({result}{(text is null ? "" : $": {text}")})";
    }

    private static CudaException Failure(int result, string call)
    {
        var function = call.Split('(')[0].Split('.')[^1];
        return IsLoss(result)
            ? new DeviceLostException(result, $"The CUDA device is lost: {function} answered {Words(result)}.")
            : new CudaException(result, $"The CUDA driver's {function} failed: {Words(result)}.");
    }

    /// <summary>Results after which every further call in the context fails.</summary>
    /// <remarks>
    /// 46 device unavailable, 101 invalid device, 201 invalid context, 214 uncorrectable ECC, 220 NVLink uncorrectable, 226 contained, 700 illegal address, 702 launch timeout, 709 context destroyed,
    /// 710 assert, 714 hardware stack, 715 illegal instruction, 716 misaligned address, 717 address space, 718 invalid program counter, 719 launch failed, 999 unknown.
    /// </remarks>
    private static bool IsLoss(int result) => result is 46 or 101 or 201 or 214 or 220 or 226 or 700 or 702 or 709 or 710 or (>= 714 and <= 719) or 999;
}
