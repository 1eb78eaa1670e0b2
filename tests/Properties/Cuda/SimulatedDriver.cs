using System.Diagnostics;
using System.Runtime.InteropServices;
using FsCheck.Xunit;
using Grokking.Cuda.Driver;

namespace Grokking.Properties.Cuda;

/// <summary>
/// The simulated driver, built from the kernels' own sources where there is a C++ compiler. Where there is none, its tests are skipped and say why; with GROKKING_REQUIRE_SIMULATOR they
/// fail instead.
/// </summary>
internal static partial class SimulatedDriver
{
    /// <summary>The name of all tests that use it: the driver is one for a process, so they take turns.</summary>
    public const string Turns = "simulated CUDA driver";

    private const string Required = "GROKKING_REQUIRE_SIMULATOR";

    private const string Library = "libcuda-simulated.so";

    private static readonly Lazy<string> Path = new(Build);

    /// <summary>Why its tests are skipped; null where they are not.</summary>
    public static string? Absence { get; } = Environment.GetEnvironmentVariable(Required) is { Length: > 0 } || OperatingSystem.IsLinux() && Has("bash") && Has(Environment.GetEnvironmentVariable("CXX") ?? "g++")
        ? null
        : "The simulated CUDA driver is built by g++, which this machine does not have.";

    /// <summary>Makes it the driver of this process; where it is.</summary>
    public static string Use()
    {
        Environment.SetEnvironmentVariable(Grokking.Cuda.Driver.Library.Variable, Path.Value);
        return Path.Value;
    }

    /// <summary>Changes what it simulates, as the variables of tests/Simulator/settings.h; null is as at first.</summary>
    public static void Set(string name, string? value)
    {
        Use();
        simSet(name, value);
    }

    /// <summary>What it has counted.</summary>
    public static long Get(string what)
    {
        Use();
        return simGet(what);
    }

    private static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));

    private static string Build()
    {
        var repository = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(repository, "Grokking.sln")))
        {
            repository = System.IO.Path.GetDirectoryName(repository)!;
        }

        var folder = System.IO.Path.Combine(AppContext.BaseDirectory, "simulator");
        using var build = Process.Start(new ProcessStartInfo("bash", [System.IO.Path.Combine(repository, "tests", "Simulator", "build"), folder]) { RedirectStandardError = true })!;
        var said = build.StandardError.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, said);
        return System.IO.Path.Combine(folder, Library);
    }

    [LibraryImport("simulated", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void simSet(string name, string? value);

    [LibraryImport("simulated", StringMarshalling = StringMarshalling.Utf8)]
    private static partial long simGet(string what);

    static SimulatedDriver() => NativeLibrary.SetDllImportResolver(typeof(SimulatedDriver).Assembly, (name, _, _) => name == "simulated" ? NativeLibrary.Load(Path.Value) : 0);
}

/// <summary>A device of the simulated driver, for the tests of a class.</summary>
public sealed class SimulatedDevice : IDisposable
{
    private readonly Lazy<Device> device = new(() =>
    {
        SimulatedDriver.Use();
        return Grokking.Cuda.Driver.Device.TryOpen().Match(opened => opened, reason => throw new InvalidOperationException(reason));
    });

    public Device Device => device.Value;

    public void Dispose()
    {
        if (device.IsValueCreated)
        {
            device.Value.Dispose();
        }
    }
}

/// <summary>The tests that use the driver of the process.</summary>
[CollectionDefinition(SimulatedDriver.Turns)]
public sealed class SimulatedTurns;

internal sealed class SimulatedFactAttribute : FactAttribute
{
    public SimulatedFactAttribute() => Skip = SimulatedDriver.Absence;
}

internal sealed class SimulatedTheoryAttribute : TheoryAttribute
{
    public SimulatedTheoryAttribute() => Skip = SimulatedDriver.Absence;
}

internal sealed class SimulatedPropertyAttribute : PropertyAttribute
{
    public SimulatedPropertyAttribute() => Skip = SimulatedDriver.Absence;
}
