namespace Grokking.Measures;

/// <summary>A rise of the training loss, from where it opened to where it closed.</summary>
/// <param name="Start">The step at which it opened.</param>
/// <param name="Peak">The step of its largest loss, the first among equals.</param>
/// <param name="Ratio">The largest loss over the reference before it.</param>
/// <param name="End">The step at which it closed; the last one seen while it is open.</param>
/// <param name="IsShift">Whether the loss never came back: after <see cref="SpikeDetector.Longest"/> observations its new level became the reference.</param>
/// <param name="LowestTrainAccuracy">The lowest training accuracy that was evaluated inside; NaN where none was.</param>
/// <param name="LowestTestAccuracy">The lowest test accuracy that was evaluated inside; NaN where none was.</param>
/// <param name="TestRatio">The largest test loss inside over the last one before; NaN where there was none.</param>
public sealed record Spike(
    long Start, long Peak, double Ratio, long End, bool IsShift, double LowestTrainAccuracy, double LowestTestAccuracy, double TestRatio)
{
    /// <summary>Whether the test loss rose in the same event, by the factor at which a spike closes at least: like a slingshot of the whole network.</summary>
    public bool IsSlingshotLike => TestRatio >= SpikeDetector.ClosingFactor;
}
