using System.Numerics;
using System.Runtime.InteropServices;

namespace Grokking.Measures;

/// <summary>The transforms of a bundle of rows (see <see cref="RowTransform"/>): for each frequency some vectors, whose lanes are the rows.</summary>
/// <param name="Real">The real parts.</param>
/// <param name="Imaginary">The imaginary parts.</param>
/// <param name="Vectors">Vectors of each frequency.</param>
internal sealed record TransformedRows(Vector<double>[] Real, Vector<double>[] Imaginary, int Vectors)
{
    /// <summary>|w̃_k|² of the rows of one vector.</summary>
    public Vector<double> Power(int frequency, int vector)
    {
        var at = (Vectors * frequency) + vector;
        return (Real[at] * Real[at]) + (Imaginary[at] * Imaginary[at]);
    }

    /// <summary>w̃_k of one row.</summary>
    public (double Real, double Imaginary) At(int frequency, int lane)
    {
        var at = (Vectors * Vector<double>.Count * frequency) + lane;
        return (MemoryMarshal.Cast<Vector<double>, double>(Real.AsSpan())[at], MemoryMarshal.Cast<Vector<double>, double>(Imaginary.AsSpan())[at]);
    }
}
