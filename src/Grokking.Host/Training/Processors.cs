namespace Grokking.Host.Training;

/// <summary>How many threads suit this machine.</summary>
internal static class Processors
{
    /// <summary>
    /// Physical processors that this process may use: two threads of one core share its arithmetic units, which the engine fills with one.
    /// Where the system does not tell, the logical processors.
    /// </summary>
    public static int Physical { get; } = Math.Max(1, Math.Min(Environment.ProcessorCount, CountCores()));

    private static int CountCores()
    {
        const string root = "/sys/devices/system/cpu";
        try
        {
            int cores = Directory.EnumerateDirectories(root, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return cores > 0 ? cores : Environment.ProcessorCount;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }
}
