using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grokking.Engine.Cpu;

/// <summary>Vectors of one width.</summary>
/// <param name="Bytes">The width.</param>
/// <param name="Operations">The class of their operations, which has the same names for every width.</param>
/// <param name="Open">Their type, open in the type of element.</param>
/// <param name="Lanes">How functions of float32 see them.</param>
internal sealed record VectorWidth(int Bytes, Type Operations, Type Open, Type Lanes)
{
    /// <summary>Vectors of 16 bytes: the widest on Arm; done in software where a machine has none.</summary>
    internal static VectorWidth W128 { get; } = new(16, typeof(Vector128), typeof(Vector128<>), typeof(Lanes128));

    /// <summary>Vectors of 32 bytes: AVX2.</summary>
    internal static VectorWidth W256 { get; } = new(32, typeof(Vector256), typeof(Vector256<>), typeof(Lanes256));

    /// <summary>Vectors of 64 bytes: AVX-512.</summary>
    internal static VectorWidth W512 { get; } = new(64, typeof(Vector512), typeof(Vector512<>), typeof(Lanes512));

    /// <summary>The widths that this machine has, the widest first.</summary>
    /// <remarks>The runtime's own preference is not asked: it avoids 512 bits on machines that run them at full speed.</remarks>
    internal static IReadOnlyList<VectorWidth> Supported { get; } =
        Avx512F.IsSupported && Avx512DQ.IsSupported ? [W512, W256, W128] : Vector256.IsHardwareAccelerated ? [W256, W128] : [W128];
}
