using System.Runtime.InteropServices;

namespace Grokking.Service.Browser;

/// <summary>
/// A test in a real browser. Where there is none it is skipped, and says why; where GROKKING_REQUIRE_CHROMIUM is 1 it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GROKKING_REQUIRE_CHROMIUM") != "1" && Chromium.Missing is { Length: > 0 } reason)
            Skip = reason;
    }
}

/// <summary>The same for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("GROKKING_REQUIRE_CHROMIUM") != "1" && Chromium.Missing is { Length: > 0 } reason)
            Skip = reason;
    }
}

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Where it is; null where there is none.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Why there is none; empty where there is one.</summary>
    public static string Missing => Path is null
        ? $"No browser was found ({string.Join(", ", Names)}); on Debian: apt install chromium."
        : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "" : "The browser tests are written for Linux.";
}
