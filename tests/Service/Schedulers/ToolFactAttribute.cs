namespace Grokking.Service.Schedulers;

/// <summary>
/// A test with a scheduler that is not ours. Without its programs it is skipped, and says which are missing; where GROKKING_REQUIRE_SLURM is 1 it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/usr/local/sbin", "/sbin"];

    public ToolFactAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(program => !Folders.Any(folder => File.Exists(Path.Combine(folder, program))))];
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("GROKKING_REQUIRE_SLURM") != "1")
            Skip = $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} not installed (Debian: slurm-wlm, munge, parallel).";
    }
}
