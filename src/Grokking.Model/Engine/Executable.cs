using System.Collections.Immutable;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Engine;

/// <summary>
/// A compiled computation on some machine: variables and indices go in, a run computes, outputs come out. It holds its
/// variables, so that a training step can be run again and again in place. Not safe for use by several threads at once.
/// </summary>
internal abstract class Executable : IDisposable
{
    /// <summary>What the bits of a result depend on, in words: processor, precision, kernel, shards and tiles.</summary>
    public abstract string Profile { get; }

    /// <summary>Whether the computation has a variable or a place of indices of this name: what no formula reads need not be given.</summary>
    public abstract bool Reads(string name);

    /// <summary>Gives a variable its value, rounded to the program's precision.</summary>
    /// <exception cref="KeyNotFoundException">The computation has no such variable.</exception>
    /// <exception cref="ArgumentException">The value has another shape.</exception>
    public abstract void SetVariable(string name, Dense value);

    /// <summary>Gives a variable the value that it has in another program of the same kind, without allocating.</summary>
    /// <exception cref="ArgumentException">The other program runs on another machine, in another precision, or the shapes differ.</exception>
    public abstract void CopyVariable(string name, Executable from);

    /// <summary>
    /// Goes on where another program of the same kind stands: takes its values of these variables, without allocating and where it can without copying. What the other's are afterwards means nothing.
    /// </summary>
    /// <exception cref="ArgumentException">The other program runs on another machine, in another precision, or the shapes differ.</exception>
    public abstract void TakeOver(ImmutableArray<string> names, Executable from);

    /// <summary>Gives a scalar variable its value without allocating.</summary>
    public abstract void SetNumber(string name, double value);

    /// <summary>Gives a named place of indices its values.</summary>
    /// <exception cref="ArgumentException">Their number is not the place's, or a value is out of bounds.</exception>
    public abstract void SetIndices(string name, ReadOnlySpan<int> values);

    /// <summary>Gives a variable its value where a formula reads it: nobody else may say which of a network's weights and operands matter.</summary>
    public void Offer(string name, Dense value)
    {
        if (Reads(name))
        {
            SetVariable(name, value);
        }
    }

    /// <summary>Gives a variable the value that it has in another program, where a formula reads it.</summary>
    public void Offer(string name, Executable from)
    {
        if (Reads(name))
        {
            CopyVariable(name, from);
        }
    }

    /// <summary>Gives a number its value where a formula reads it.</summary>
    public void Offer(string name, double value)
    {
        if (Reads(name))
        {
            SetNumber(name, value);
        }
    }

    /// <summary>Gives a place of indices its values where a formula reads them.</summary>
    public void Offer(string name, ReadOnlySpan<int> values)
    {
        if (Reads(name))
        {
            SetIndices(name, values);
        }
    }

    /// <summary>The named places of draws that it needs a key for.</summary>
    public abstract IReadOnlySet<string> Draws { get; }

    /// <summary>Gives a named place of draws its key, without allocating.</summary>
    /// <exception cref="KeyNotFoundException">The computation has no such place.</exception>
    public abstract void SetKey(string name, RandomKey key);

    /// <summary>Computes all outputs and what the variables are to become. Allocates nothing.</summary>
    public abstract void Run();

    /// <summary>Computes what the variables are to become, the same bits as <see cref="Run"/>; what only outputs need is left out, so these are undefined afterwards.</summary>
    public abstract void RunUpdates();

    /// <summary>Gives the variables what the last run computed for them. Until then they are as they were.</summary>
    public abstract void Commit();

    /// <summary>A copy of an output's value.</summary>
    /// <exception cref="KeyNotFoundException">The computation has no such output.</exception>
    public abstract Dense Output(string name);

    /// <summary>The value of an output that is a single number, without allocating.</summary>
    /// <exception cref="KeyNotFoundException">The computation has no such output.</exception>
    /// <exception cref="ArgumentException">The output is no single number.</exception>
    public abstract double Number(string name);

    /// <summary>A copy of a variable's current value.</summary>
    public abstract Dense Variable(string name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the program holds.</summary>
    protected abstract void Dispose(bool disposing);
}
