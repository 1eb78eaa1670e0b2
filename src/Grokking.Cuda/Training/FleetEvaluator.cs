using System.Collections.Immutable;
using Grokking.Cuda.Program;
using Grokking.Training;

namespace Grokking.Cuda.Training;

/// <summary>A program that evaluates the weights of all places, each on a set of its own; compiled when it is first needed.</summary>
/// <param name="compile">Makes the program.</param>
/// <param name="followed">The names of weights and statistics.</param>
/// <param name="set">The set on which a run is evaluated.</param>
internal sealed class FleetEvaluator(Func<CudaProgram> compile, ImmutableArray<string> followed, Func<FleetMember, Samples> set) : IDisposable
{
    private CudaProgram? program;

    /// <summary>A run came into a place.</summary>
    internal void Enter(int place, FleetMember member)
    {
        if (program is not null)
        {
            SampleFeed.WriteAll(new CudaExecutable(program, place), set(member));
        }
    }

    /// <summary>The program, compiled now if it is not yet.</summary>
    internal CudaProgram Compile(FleetMember?[] members)
    {
        if (program is null)
        {
            program = compile();
            foreach (var (place, member) in members.Index())
            {
                if (member is not null)
                {
                    Enter(place, member);
                }
            }
        }

        return program;
    }

    /// <summary>Evaluates the weights that a step's program holds in some places.</summary>
    internal CudaProgram Run(IReadOnlyList<int> places, FleetMember?[] members, CudaProgram step)
    {
        var program = Compile(members);
        program.SetActive(places);
        foreach (var name in followed.Where(program.Reads))
        {
            program.CopyVariable(name, step);
        }

        program.Run();
        return program;
    }

    /// <inheritdoc/>
    public void Dispose() => program?.Dispose();
}
