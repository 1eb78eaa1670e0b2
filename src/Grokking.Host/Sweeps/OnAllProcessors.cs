namespace Grokking.Host.Sweeps;

/// <summary>The same for many things at once.</summary>
internal static class OnAllProcessors
{
    /// <summary>
    /// A function of each, in their order, worked out on all processors. A parallel query says the same, but where its elements are structures the runtime compiles all of it anew, which
    /// takes a short command longer than its work.
    /// </summary>
    public static TResult[] Map<T, TResult>(IReadOnlyList<T> all, Func<T, TResult> function)
    {
        var results = new TResult[all.Count];
        Parallel.For(0, results.Length, i => results[i] = function(all[i]));
        return results;
    }
}
