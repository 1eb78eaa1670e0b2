using System.Security.Cryptography;
using System.Text;

namespace Grokking.Cuda.Kernels;

/// <summary>The kernels, as the assembly carries them: PTX text, compiled from the sources beside this file.</summary>
internal static class KernelText
{
    /// <summary>The name of the resource.</summary>
    internal const string Name = "kernels.ptx";

    private const int HashDigits = 8;

    private static readonly Lazy<string> Text = new(Read);

    /// <summary>The PTX.</summary>
    internal static string Ptx => Text.Value;

    /// <summary>The first digits of its SHA-256: other kernels, other bits.</summary>
    internal static string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Read())))[..HashDigits];

    private static string Read()
    {
        using var stream = typeof(KernelText).Assembly.GetManifestResourceStream(Name) ?? throw new InvalidOperationException($"The assembly was built without {Name}.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd();
    }
}
