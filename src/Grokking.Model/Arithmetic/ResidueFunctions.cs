namespace Grokking.Arithmetic;

/// <summary>Functions of residues. What is said of their order and parity is said of the representatives 0 … p-1, as integers.</summary>
public static class ResidueFunctions
{
    /// <summary>The least of its arguments.</summary>
    public static TaskFunction Min { get; } = TaskFunction.OfMany("min", "the least of the arguments as integers 0 … p-1", _ => Math.Min);

    /// <summary>The greatest of its arguments.</summary>
    public static TaskFunction Max { get; } = TaskFunction.OfMany("max", "the greatest of the arguments as integers 0 … p-1", _ => Math.Max);

    /// <summary>
    /// The discrete logarithm to the smallest primitive root (<see cref="DiscreteLogarithm"/>), itself taken modulo p; its sums are
    /// therefore not the logarithms of products, which add modulo p-1.
    /// </summary>
    public static TaskFunction Log { get; } = TaskFunction.OfOne(
        "log",
        "the discrete logarithm of a to the smallest primitive root, 0 … p-2; undefined at 0",
        p => new DiscreteLogarithm(p) is var logarithm ? a => a == 0 ? TaskTable.Undefined : logarithm.Of(a) : throw new InvalidOperationException(),
        TaskFunction.Requirement.Prime);

    /// <summary>The quadratic character (a/p): a^((p-1)/2) for odd p, by the criterion of Euler.</summary>
    public static TaskFunction Legendre { get; } = TaskFunction.OfOne(
        "legendre",
        "the quadratic character of a: 0 at 0, 1 at the squares, p-1 elsewhere",
        p => a => a == 0 ? 0 : p.Value == 2 ? 1 : p.Power(a, (p.Value - 1) / 2),
        TaskFunction.Requirement.Prime);

    /// <summary>Whether the representative is odd.</summary>
    public static TaskFunction Odd { get; } = TaskFunction.Asking("odd", "whether a is odd as an integer 0 … p-1", a => (a & 1) == 1);

    /// <summary>Whether the representative is even; 0 is.</summary>
    public static TaskFunction Even { get; } = TaskFunction.Asking("even", "whether a is even as an integer 0 … p-1", a => (a & 1) == 0);

    /// <summary>Whether the residue is 0.</summary>
    public static TaskFunction Zero { get; } = TaskFunction.Asking("zero", "whether a is 0", a => a == 0);
}
