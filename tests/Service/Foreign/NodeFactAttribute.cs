namespace Grokking.Service.Foreign;

/// <summary>
/// A test by readers of other projects, which run on Node. Without them it is skipped, and says why; where GROKKING_REQUIRE_NODE is 1 it runs,
/// and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GROKKING_REQUIRE_NODE") != "1" && NodeReaders.Missing is { Length: > 0 } reason)
            Skip = reason;
    }
}
