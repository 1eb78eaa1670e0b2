using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Training;

/// <summary>How a network is trained.</summary>
/// <param name="Network">The network.</param>
/// <param name="Loss">What is made small.</param>
/// <param name="Optimiser">The rule of the steps.</param>
/// <param name="Schedule">How the learning rate changes.</param>
/// <param name="BatchSize">Samples per step, at least 1; null takes the whole training set at each step.</param>
public sealed record Recipe(INetwork Network, Loss Loss, Optimiser Optimiser, Schedule Schedule, int? BatchSize);
