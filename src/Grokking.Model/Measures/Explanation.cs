using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Measures;

/// <summary>What an explanation may know of a run beside the weights at hand.</summary>
/// <param name="Start">The weights before the first update.</param>
/// <param name="Split">The samples, and which of them are trained on.</param>
/// <param name="Loss">What training makes small.</param>
/// <param name="Key">What all randomness of the run comes from; samples are chosen by its child <see cref="RandomPurpose.Measures"/>.</param>
/// <param name="Threads">Threads that a measure may use; the numbers do not depend on it.</param>
public sealed record Setup(Specimen Start, DataSplit Split, Loss Loss, RandomKey Key, int Threads);

/// <summary>An explanation made ready for a run. For one caller at a time.</summary>
public interface IExplainer : IDisposable
{
    /// <summary>The names of its numbers: columns of the metrics table.</summary>
    ImmutableArray<string> Columns { get; }

    /// <summary>The numbers for weights, in the order of the columns; NaN where the weights leave one undefined. Always the same for the same weights.</summary>
    ImmutableArray<double> Of(Specimen now);
}

/// <summary>A theory of grokking as numbers that are measured while a network trains.</summary>
/// <param name="Keyword">The word under an experiment's <c>measures</c> that asks for it.</param>
/// <param name="Description">What it is, and what it costs.</param>
/// <param name="Scope">The networks and tasks that it means anything for, in words that follow "defined for".</param>
/// <param name="AppliesTo">Whether it means anything for a network and a task.</param>
/// <param name="Prepare">Makes it ready for a run that it applies to.</param>
public sealed record Explanation(
    string Keyword, string Description, string Scope, Func<INetwork, ArithmeticTask, bool> AppliesTo, Func<Setup, IExplainer> Prepare);
