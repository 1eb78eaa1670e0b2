using System.Collections.Immutable;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Measures;

/// <summary>
/// Finds the spikes of a training loss. An immutable fold over (step, loss), of every step where these are at hand (a spike may be shorter than the time between
/// evaluations), or of the evaluated steps; all of it is plain data, to be stored and taken up again.
/// </summary>
/// <remarks>
/// The reference is the median of log10(max(loss, floor)) over the last <see cref="Window"/> observations outside of spikes. A spike opens a factor
/// <see cref="OpeningFactor"/> above it, once there are so many, and closes a factor <see cref="ClosingFactor"/> above it; meanwhile the reference stands
/// still. Lengths count observations. A loss that is no number is passed over: that is divergence, and <see cref="Divergence"/> sees it.
/// </remarks>
/// <param name="Floor">The least loss that counts as itself.</param>
public sealed record SpikeDetector(double Floor)
{
    /// <summary>How many observations the reference is the median of.</summary>
    public const int Window = 50;

    /// <summary>How many observations a spike may be open.</summary>
    public const int Longest = 500;

    /// <summary>How far above the reference a spike opens.</summary>
    public const double OpeningFactor = 3;

    /// <summary>How near to the reference a spike closes.</summary>
    public const double ClosingFactor = 1.5;

    private const double FloorShare = 1e-4;

    // Losses that are a factor above the reference by construction count as such.
    private const double Rounding = 1e-12;

    /// <summary>log10 of the last losses outside of spikes, oldest first.</summary>
    public ImmutableArray<double> Calm { get; init; } = [];

    /// <summary>log10 of the last losses inside the open spike, oldest first; empty where none is open.</summary>
    public ImmutableArray<double> Inside { get; init; } = [];

    /// <summary>How many observations the open spike has.</summary>
    public int OpenFor { get; init; }

    /// <summary>The spikes so far, by their beginning; the last may be open.</summary>
    public ImmutableArray<Spike> Spikes { get; init; } = [];

    /// <summary>The last test loss before the open spike, or the last one at all.</summary>
    public double TestReference { get; init; } = double.NaN;

    /// <summary>A detector for a loss, with its floor at 1e-4 of what uniform logits have: ln p for cross-entropy, 1/p for squared errors.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="classes">p.</param>
    public static SpikeDetector For(Loss loss, int classes)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return new(FloorShare * loss.Of(Tensor.Fill<Dense>(Shape.Of(1, classes), 0), Indices.Of([0], classes)).Scalar);
    }

    /// <summary>What is known after one more training loss.</summary>
    /// <param name="step">Its step, later than those before.</param>
    /// <param name="trainLoss">The loss of that step's batch, or of the whole training set; always the same of both.</param>
    public SpikeDetector Observe(long step, double trainLoss)
    {
        if (double.IsNaN(trainLoss))
        {
            return this;
        }

        var level = Math.Log10(Math.Max(trainLoss, Floor));
        return OpenFor > 0 ? Follow(step, level)
            : Calm.Length == Window && level - Median(Calm) >= Math.Log10(OpeningFactor) - Rounding ? Open(step, level)
            : this with { Calm = Appended(Calm, level) };
    }

    /// <summary>What is known after one more evaluation; it belongs to the spike that is open after the training loss of its step was observed.</summary>
    /// <param name="testLoss">The test loss.</param>
    /// <param name="trainAccuracy">In [0, 1].</param>
    /// <param name="testAccuracy">In [0, 1].</param>
    public SpikeDetector Evaluated(double testLoss, double trainAccuracy, double testAccuracy)
    {
        if (OpenFor == 0)
        {
            return this with { TestReference = testLoss };
        }

        var spike = Spikes[^1];
        return this with
        {
            Spikes = Spikes.SetItem(Spikes.Length - 1, spike with
            {
                LowestTrainAccuracy = Lower(spike.LowestTrainAccuracy, trainAccuracy),
                LowestTestAccuracy = Lower(spike.LowestTestAccuracy, testAccuracy),
                TestRatio = -Lower(-spike.TestRatio, -Math.Max(testLoss, Floor) / Math.Max(TestReference, Floor)),
            }),
        };
    }

    /// <summary>How many spikes opened at a step or later: those after memorisation, where it is the first step with 95 % training accuracy.</summary>
    public int CountFrom(long step) => Spikes.Count(spike => spike.Start >= step);

    private SpikeDetector Open(long step, double level) => this with
    {
        OpenFor = 1,
        Inside = [level],
        Spikes = Spikes.Add(new(step, step, Ratio(level), step, false, double.NaN, double.NaN, double.NaN)),
    };

    private SpikeDetector Follow(long step, double level)
    {
        var spike = Spikes[^1] with { End = step };
        spike = Ratio(level) > spike.Ratio ? spike with { Peak = step, Ratio = Ratio(level) } : spike;
        if (level - Median(Calm) <= Math.Log10(ClosingFactor) + Rounding)
        {
            return Closed(spike, Appended(Calm, level));
        }

        var inside = Appended(Inside, level);
        return OpenFor + 1 < Longest
            ? this with { OpenFor = OpenFor + 1, Inside = inside, Spikes = Spikes.SetItem(Spikes.Length - 1, spike) }
            : Closed(spike with { IsShift = true }, inside);
    }

    private SpikeDetector Closed(Spike spike, ImmutableArray<double> calm) =>
        this with { OpenFor = 0, Inside = [], Calm = calm, Spikes = Spikes.SetItem(Spikes.Length - 1, spike) };

    private double Ratio(double level) => Math.Pow(10, level - Median(Calm));

    private static ImmutableArray<double> Appended(ImmutableArray<double> levels, double level) =>
        [.. levels.AsSpan()[(levels.Length == Window ? 1 : 0)..], level];

    private static double Lower(double before, double now) => double.IsNaN(before) ? now : double.IsNaN(now) ? before : Math.Min(before, now);

    private static double Median(ImmutableArray<double> levels)
    {
        var sorted = levels.ToArray();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
