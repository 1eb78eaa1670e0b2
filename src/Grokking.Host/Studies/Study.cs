using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies;

/// <summary>
/// One figure of a paper, from its runs to its verdict. Deriving a class is all that a new figure needs: it is found by its type.
/// Drawing and judging are functions of the saved tables alone, so that they can be done again, byte for byte, wherever the tables are.
/// </summary>
internal abstract class Study
{
    /// <summary>The name, such as <c>gromov/fig1-dynamics</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The heading, such as "Fig. 1: the dynamics of grokking".</summary>
    public abstract string Title { get; }

    /// <summary>What the paper claims, in our words.</summary>
    public abstract string Claim { get; }

    /// <summary>The sweep presets that it needs, by name; empty where it only computes.</summary>
    public abstract ImmutableArray<string> Sweeps { get; }

    /// <summary>Where this is from; the source of the figure.</summary>
    public virtual string Source => "arXiv 2301.02679";

    /// <summary>Takes out of the runs what the figure needs, and computes what needs no run.</summary>
    /// <param name="runs">The runs of the sweeps, all of them completed.</param>
    public abstract StudyTables Gather(StudyRuns runs);

    /// <summary>Draws the figure.</summary>
    /// <param name="tables">What <see cref="Gather"/> gave, read back.</param>
    public abstract Figure Draw(StudyTables tables);

    /// <summary>Judges every criterion, in the order of the report.</summary>
    /// <param name="tables">What <see cref="Gather"/> gave, read back.</param>
    public abstract ImmutableArray<Verdict> Judge(StudyTables tables);

    /// <summary>The name as it stands in ids and file names.</summary>
    public string Id => Name.Replace('/', '-');
}
