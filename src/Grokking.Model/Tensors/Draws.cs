using Grokking.Randomness;

namespace Grokking.Tensors;

/// <summary>
/// Where a formula's random numbers come from: a key that is known (<see cref="Known"/>), or a named place that a compiled program is given a
/// key for before each run (<see cref="Named"/>). Either way what is drawn is a pure function of the key.
/// </summary>
public abstract record Draws
{
    private Draws()
    {
    }

    /// <summary>Draws from a key.</summary>
    public static Draws Of(RandomKey key) => new Known(key);

    /// <summary>Draws from a key that is given later, by name, to a compiled program.</summary>
    public static Draws Input(string name) => new Named(name);

    /// <summary>Draws from a key.</summary>
    /// <param name="Key">The key.</param>
    public sealed record Known(RandomKey Key) : Draws;

    /// <summary>Draws from a key to be given by name.</summary>
    /// <param name="Name">The name.</param>
    public sealed record Named(string Name) : Draws;
}
