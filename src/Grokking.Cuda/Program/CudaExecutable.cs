using System.Collections.Immutable;
using Grokking.Engine;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Cuda.Program;

/// <summary>
/// One place of a program as an executable. Where the program has no other place it is the program; where it has, all places run together, and only the program can be told to.
/// </summary>
/// <param name="program">The program; disposed of with this.</param>
/// <param name="place">The place, from 0.</param>
internal sealed class CudaExecutable(CudaProgram program, int place = 0) : Executable
{
    /// <inheritdoc/>
    public override string Profile => program.Profile;

    /// <inheritdoc/>
    public override IReadOnlySet<string> Draws => program.Draws;

    /// <inheritdoc/>
    public override bool Reads(string name) => program.Reads(name);

    /// <inheritdoc/>
    public override void SetVariable(string name, Dense value)
    {
        ArgumentNullException.ThrowIfNull(value);
        program.SetVariable(place, name, value);
    }

    /// <inheritdoc/>
    public override void CopyVariable(string name, Executable from) => Alone.CopyVariable(name, OtherAlone(name, from));

    /// <inheritdoc/>
    public override void TakeOver(ImmutableArray<string> names, Executable from)
    {
        foreach (var name in names)
        {
            CopyVariable(name, from);
        }
    }

    /// <inheritdoc/>
    public override void SetNumber(string name, double value) => program.SetNumber(place, name, value);

    /// <inheritdoc/>
    public override void SetIndices(string name, ReadOnlySpan<int> values) => program.SetIndices(place, name, values);

    /// <inheritdoc/>
    public override void SetKey(string name, RandomKey key) => program.SetKey(place, name, key);

    /// <inheritdoc/>
    public override void Run() => Alone.Run();

    /// <inheritdoc/>
    public override void RunUpdates() => Alone.RunUpdates();

    /// <inheritdoc/>
    public override void Commit() => Alone.Commit();

    /// <inheritdoc/>
    public override Dense Output(string name) => program.Output(place, name);

    /// <inheritdoc/>
    public override double Number(string name) => program.Number(place, name);

    /// <inheritdoc/>
    public override Dense Variable(string name) => program.Variable(place, name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            program.Dispose();
        }
    }

    private CudaProgram Alone => program.Places == 1 ? program : throw new InvalidOperationException($"The {program.Places} places of a program run together.");

    private static CudaProgram OtherAlone(string name, Executable from) => from is CudaExecutable other
        ? other.Alone
        : throw new ArgumentException($"The variable '{name}' can be copied only between programs of one machine.");
}
