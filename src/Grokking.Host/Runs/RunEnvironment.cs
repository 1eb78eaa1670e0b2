using System.Reflection;
using System.Runtime.InteropServices;

namespace Grokking.Host.Runs;

/// <summary>What a run is trained by and on.</summary>
/// <param name="Version">Version of this program.</param>
/// <param name="Commit">The commit that it was built from; null where the build did not know.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="NumericsProfile">What decides the last bits of the engine's numbers.</param>
/// <param name="OperatingSystem">The operating system.</param>
/// <param name="Architecture">The processor's architecture.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Processors">Logical processors.</param>
/// <param name="Threads">Threads of the engine.</param>
internal sealed record RunEnvironment(
    string Version,
    string? Commit,
    string Runtime,
    string NumericsProfile,
    string OperatingSystem,
    string Architecture,
    string Host,
    int Processors,
    int Threads)
{
    /// <summary>The environment of this process.</summary>
    public static RunEnvironment Current(string numericsProfile, int threads) => new(
        ProgramVersion,
        ProgramCommit,
        RuntimeInformation.FrameworkDescription,
        numericsProfile,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.MachineName,
        Environment.ProcessorCount,
        threads);

    /// <summary>Version of this program.</summary>
    public static string ProgramVersion => Informational.Split('+')[0];

    /// <summary>The commit that this program was built from; null where the build did not know.</summary>
    public static string? ProgramCommit => Informational.Split('+') is [_, var commit] ? commit : null;

    private static string Informational =>
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
