using System.Collections.Immutable;

namespace Grokking.Tensors;

/// <summary>
/// Whole numbers that choose rows of a table: operands and labels of samples. Either known values (<see cref="Known"/>) or a
/// named place that a compiled program fills at each run (<see cref="Named"/>).
/// </summary>
public abstract record Indices
{
    private Indices(int count, int bound)
    {
        Count = count;
        Bound = bound;
    }

    /// <summary>How many indices there are.</summary>
    public int Count { get; }

    /// <summary>The number of rows that can be chosen: every index lies in 0 … Bound − 1.</summary>
    public int Bound { get; }

    /// <summary>Indices whose values are known now.</summary>
    /// <param name="values">The indices, each in 0 … bound − 1.</param>
    /// <param name="bound">The number of rows of the tables that they choose from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside 0 … bound − 1.</exception>
    public static Indices Of(ImmutableArray<int> values, int bound) => new Known(values, bound);

    /// <summary>Indices that are given later, by name, to a compiled program.</summary>
    public static Indices Input(string name, int count, int bound) => new Named(name, count, bound);

    /// <summary>The same indices into tables of at least as many rows.</summary>
    /// <param name="bound">The number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be fewer rows than before.</exception>
    public Indices Into(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, Bound);
        return bound == Bound ? this : Rebound(bound);
    }

    private protected abstract Indices Rebound(int bound);

    /// <summary>Known indices; two are equal when they are the same values.</summary>
    public sealed record Known : Indices
    {
        /// <summary>Checks and keeps the values.</summary>
        public Known(ImmutableArray<int> values, int bound)
            : base(values.Length, bound)
        {
            foreach (var value in values)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(value);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, bound);
            }

            Values = values;
        }

        /// <summary>The indices.</summary>
        public ImmutableArray<int> Values { get; }

        private protected override Indices Rebound(int bound) => new Known(Values, bound);

        /// <inheritdoc/>
        public bool Equals(Known? other) => other is not null && Bound == other.Bound && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Bound, Count, Count > 0 ? Values[0] : 0);
    }

    /// <summary>Indices to be filled in by name.</summary>
    public sealed record Named : Indices
    {
        /// <summary>A place of this name for so many indices below the bound.</summary>
        public Named(string name, int count, int bound)
            : base(count, bound) => Name = name;

        /// <summary>The name under which the values are given.</summary>
        public string Name { get; }

        private protected override Indices Rebound(int bound) => new Named(Name, Count, bound);
    }
}
