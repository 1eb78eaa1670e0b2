namespace Grokking.Host.Benchmarks;

/// <summary>What several measurements of one thing gave.</summary>
/// <param name="Median">The middle one; of an even number, the mean of the two in the middle.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Largest">The largest.</param>
/// <param name="Count">How many there were.</param>
internal sealed record Spread(double Median, double Least, double Largest, int Count)
{
    /// <summary>Orders measurements.</summary>
    /// <param name="values">The measurements; at least one.</param>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int middle = ordered.Length / 2;
        double median = ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
        return new(median, ordered[0], ordered[^1], ordered.Length);
    }

    /// <summary>The same measurements in another unit.</summary>
    /// <param name="factor">Greater than 0.</param>
    public Spread Times(double factor) => new(Median * factor, Least * factor, Largest * factor, Count);
}
