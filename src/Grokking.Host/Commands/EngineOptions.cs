using System.CommandLine;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>Which engine trains in the foreground. In the default build there is one, so that there are no options.</summary>
internal class EngineOptions
{
    /// <summary>The options of <c>run</c>.</summary>
    public virtual IReadOnlyList<Option> ForRun => [];

    /// <summary>The options of <c>resume</c>.</summary>
    public virtual IReadOnlyList<Option> ForResume => [];

    /// <summary>Changes of the experiment that the options stand for, as in <c>--set</c>.</summary>
    public virtual IReadOnlyList<string> Changes(ParseResult parsed) => [];

    /// <summary>The engine that was chosen.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="threads">Threads of our own engine.</param>
    public virtual MachineMaker Of(ParseResult parsed, int threads) => Engines.Own(threads);
}
