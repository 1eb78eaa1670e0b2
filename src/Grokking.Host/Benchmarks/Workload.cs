// p modulus, N hidden width, M training samples, T test samples
using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>Something that is trained to see how fast: the quadratic network on x + y, full batch, α = 0.49, seed 0.</summary>
/// <param name="Name">How it is called on the command line and in tables.</param>
/// <param name="Modulus">p.</param>
/// <param name="Width">N.</param>
/// <param name="Optimiser">The optimiser.</param>
/// <param name="Evaluates">Whether test loss, test accuracy and train accuracy are computed after each step.</param>
internal sealed record Workload(string Name, int Modulus, int Width, Optimiser Optimiser, bool Evaluates)
{
    /// <summary>α.</summary>
    public const double TrainFraction = 0.49;

    private const int FlagshipModulus = 97;
    private const int FlagshipWidth = 500;
    private const double FlagshipRate = 3e5;

    /// <summary>The step of <c>gromov/fig1-gd</c>, which the others are compared with.</summary>
    public static Workload Flagship { get; } = Descent("w1", FlagshipModulus, FlagshipWidth);

    /// <summary>The workloads of the table.</summary>
    public static ImmutableArray<Workload> Table { get; } =
    [
        Flagship,
        Flagship with { Name = "w1-evaluation", Evaluates = true },
        new("w1b-evaluation", FlagshipModulus, FlagshipWidth, new AdamW { LearningRate = 0.05, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 }, true),
    ];

    /// <summary>Workloads that differ in size only, to see whether the cost grows as the arithmetic does.</summary>
    public static ImmutableArray<Workload> Scaling { get; } =
    [
        .. new[] { 47, 97, 149, 211 }.Select(p => Descent($"p={p} N={FlagshipWidth}", p, FlagshipWidth)),
        .. new[] { 128, 256, 512, 1024, 2048 }.Select(width => Descent($"p={FlagshipModulus} N={width}", FlagshipModulus, width)),
    ];

    /// <summary>What is computed, in words.</summary>
    public string Description =>
        $"p={Modulus} N={Width}, {(Optimiser is AdamW ? "AdamW" : "gradient descent")}{(Evaluates ? ", evaluation each step" : "")}";

    /// <summary>The network.</summary>
    public QuadraticNetwork Network => new(Modulus, Operands: 2, Width);

    /// <summary>How it is trained.</summary>
    public Recipe Recipe => new(Network, new Loss.MeanSquaredError(), Optimiser, Schedule.Constant, BatchSize: null);

    /// <summary>What all randomness comes from.</summary>
    public static RandomKey Key => RandomKey.FromSeed(0);

    /// <summary>The samples.</summary>
    public DataSplit Split() => ArithmeticTask.Parse("x + y", new Modulus(Modulus))
        .Bind(DataSet.Of)
        .Bind(data => DataSplit.Of(data, TrainFraction, Key.Split(RandomPurpose.Split)))
        .OrThrow();

    /// <summary>
    /// Floating-point operations that a step cannot do without, two per multiply-add: 6MNp + 7MN, and with evaluation 2TNp + 2TN more. A
    /// one-hot input is looked up, not multiplied; what an implementation does beyond this does not count.
    /// </summary>
    /// <param name="train">M.</param>
    /// <param name="test">T.</param>
    public double Operations(int train, int test)
    {
        double step = (6.0 * train * Width * Modulus) + (7.0 * train * Width);
        return Evaluates ? step + (2.0 * test * Width * Modulus) + (2.0 * test * Width) : step;
    }

    // The largest stable rate grows with p³N; at p = 97, N = 500 the rate is that of the preset.
    private static Workload Descent(string name, int modulus, int width) => new(
        name,
        modulus,
        width,
        new GradientDescent { LearningRate = FlagshipRate * Math.Pow((double)modulus / FlagshipModulus, 3) * width / FlagshipWidth },
        Evaluates: false);
}
