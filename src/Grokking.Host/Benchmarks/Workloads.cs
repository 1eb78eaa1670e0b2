// p modulus, N and d widths
using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>What <c>bench</c> can measure.</summary>
internal static class Workloads
{
    private const int FlagshipModulus = 97;
    private const int FlagshipWidth = 500;
    private const double FlagshipRate = 3e5;
    private const double FlagshipFraction = 0.49;
    private const int NetworkWidth = 128;

    /// <summary>The step of <c>gromov/fig1-gd</c>, which the others are compared with.</summary>
    public static Workload Flagship { get; } = Descent("w1", FlagshipModulus, FlagshipWidth);

    /// <summary>The quadratic network on x + y, full batch.</summary>
    public static ImmutableArray<Workload> Quadratic { get; } =
    [
        Flagship,
        Flagship with { Name = "w1-evaluation", Evaluates = true },
        Flagship with
        {
            Name = "w1b-evaluation",
            Evaluates = true,
            Recipe = Flagship.Recipe with { Optimiser = new AdamW { LearningRate = 0.05, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 } },
        },
    ];

    /// <summary>Quadratic networks that differ in size only, to see whether the cost grows as the arithmetic does.</summary>
    public static ImmutableArray<Workload> Scaling { get; } =
    [
        .. new[] { 47, 97, 149, 211 }.Select(p => Descent($"p={p} N={FlagshipWidth}", p, FlagshipWidth)),
        .. new[] { 128, 256, 512, 1024, 2048 }.Select(width => Descent($"p={FlagshipModulus} N={width}", FlagshipModulus, width)),
    ];

    /// <summary>
    /// The networks of the PKU project on batches, by cross-entropy and AdamW: transformers of 2 blocks, 4 heads, normalised before attention and
    /// feed-forward layers; recurrent networks and perceptrons of 1 and 2 layers on true division. All have width 128; the perceptron's embedding
    /// and hidden layers share it.
    /// </summary>
    public static ImmutableArray<Workload> Networks { get; } =
    [
        Batches("transformer-p41-b64", "x + y", new Transformer(41, Operands: 2, Layers: 2, NetworkWidth), 41, 64),
        Batches("transformer-p41-b512", "x + y", new Transformer(41, Operands: 2, Layers: 2, NetworkWidth), 41, 512),
        Batches("transformer-p97-b512", "x + y", new Transformer(97, Operands: 2, Layers: 2, NetworkWidth), 97, 512),
        Batches("transformer-3-operands", "x1 + x2 + x3", new Transformer(41, Operands: 3, Layers: 2, NetworkWidth), 41, 32),
        .. new[] { 1, 2 }.Select(layers => Batches($"lstm-{layers}", "x / y", new LongShortTermMemory(97, Operands: 2, layers, NetworkWidth), 97, 512)),
        .. new[] { 1, 2 }.Select(layers => Batches($"perceptron-{layers}", "x / y", new MultilayerPerceptron(97, Operands: 2, layers, NetworkWidth), 97, 512)),
    ];

    /// <summary>All that have a name on the command line.</summary>
    public static ImmutableArray<Workload> Named { get; } = [.. Quadratic, .. Networks];

    /// <summary>Each kind of network once, and the quadratic one with either optimiser, so small that even a simulated device takes but moments for them.</summary>
    /// <param name="modulus">p.</param>
    /// <param name="width">The width of all networks.</param>
    /// <param name="batch">Samples of a batch.</param>
    public static ImmutableArray<Workload> Small(int modulus, int width, int batch) =>
    [
        Descent(Flagship.Name, modulus, width),
        .. Named
            .Where(workload => workload.Recipe.Optimiser is AdamW)
            .DistinctBy(workload => workload.Recipe.Network.GetType())
            .Select(workload => workload.Resized(modulus, width))
            .Select(workload => workload with { Evaluates = false, Recipe = workload.Recipe with { BatchSize = workload.Recipe.BatchSize is null ? null : batch } }),
    ];

    // The largest stable rate grows with p³N; at p = 97, N = 500 the rate is that of the preset.
    private static Workload Descent(string name, int modulus, int width) => new(
        name,
        "x + y",
        modulus,
        new(
            new QuadraticNetwork(modulus, Operands: 2, width),
            new Loss.MeanSquaredError(),
            new GradientDescent { LearningRate = FlagshipRate * Math.Pow((double)modulus / FlagshipModulus, 3) * width / FlagshipWidth },
            Schedule.Constant,
            BatchSize: null))
    {
        TrainFraction = FlagshipFraction,
    };

    private static Workload Batches(string name, string operation, INetwork network, int modulus, int batch) => new(
        name,
        operation,
        modulus,
        new(
            network,
            new Loss.CrossEntropy(),
            new AdamW { LearningRate = 1e-3, WeightDecay = 1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 },
            new Schedule(WarmupSteps: 10),
            batch))
    {
        TrainFraction = 0.5,
    };
}
