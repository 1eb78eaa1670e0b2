// n points, π a permutation of 0 … n-1 written as the images of 0, 1, …

namespace Grokking.Arithmetic;

/// <summary>
/// The symmetric group of n points as functions of residues: with the modulus n! the residue r stands for the r-th permutation in lexicographic
/// order of its images, so that 0 is the identity. <c>compose(x, y)</c> modulo 120 is the task S5 of arXiv 2201.02177, and
/// <c>compose(compose(x, y), invert(x))</c> its conjugation.
/// </summary>
public static class Permutations
{
    private const int MostPoints = 6;

    private static readonly TaskFunction.Requirement Factorial = new(
        "the modulus 2, 6, 24, 120 or 720, a factorial", modulus => Points(modulus.Value) > 0);

    /// <summary>The composition a ∘ b: first b, then a.</summary>
    public static TaskFunction Compose { get; } = TaskFunction.OfMany(
        "compose",
        "the permutation that does b first and a then; residues number the permutations of n points, p = n!",
        p => (a, b) => Number(After(Images(a, p.Value), Images(b, p.Value))),
        Factorial);

    /// <summary>The permutation that undoes a.</summary>
    public static TaskFunction Invert { get; } = TaskFunction.OfOne(
        "invert",
        "the permutation that undoes a; residues number the permutations of n points, p = n!",
        p => a => Number(Undo(Images(a, p.Value))),
        Factorial);

    /// <summary>The permutation of a number.</summary>
    /// <param name="number">The place in lexicographic order, 0 to n!-1.</param>
    /// <param name="count">n!, with n from 2 to 6.</param>
    /// <returns>The images of 0 … n-1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such permutation.</exception>
    public static IReadOnlyList<int> Of(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfZero(Points(count), nameof(count));
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, count);
        return Images(number, count);
    }

    // The digits of the number in the factorial base choose among the points that are left.
    private static int[] Images(int number, int count)
    {
        int points = Points(count);
        List<int> left = [.. Enumerable.Range(0, points)];
        var images = new int[points];
        for (int i = 0; i < points; i++)
        {
            count /= points - i;
            images[i] = left[number / count];
            left.RemoveAt(number / count);
            number %= count;
        }
        return images;
    }

    private static int Number(int[] images)
    {
        int number = 0;
        for (int i = 0; i < images.Length; i++)
        {
            number = (number * (images.Length - i)) + images.AsSpan(i + 1).ToArray().Count(later => later < images[i]);
        }
        return number;
    }

    private static int[] After(int[] a, int[] b) => Array.ConvertAll(b, point => a[point]);

    private static int[] Undo(int[] a)
    {
        var inverse = new int[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            inverse[a[i]] = i;
        }
        return inverse;
    }

    // The n with n! = count; 0 if there is none from 2 to 6.
    private static int Points(int count)
    {
        int factorial = 1;
        for (int n = 2; n <= MostPoints; n++)
        {
            factorial *= n;
            if (factorial == count)
            {
                return n;
            }
        }
        return 0;
    }
}
