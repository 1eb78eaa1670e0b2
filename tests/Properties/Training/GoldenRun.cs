using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>
/// Short runs with fixed weights whose numbers were computed elsewhere, in float64: p = 5, N = 4, mean squared error, full batch. What an
/// implementation of the network, its gradient or an optimiser gets wrong shows here in the first digits.
/// </summary>
internal static class GoldenRun
{
    public const int Modulus = 5;

    public const int Width = 4;

    /// <summary>The output at place 0 for the operands 0, 0 before the first step.</summary>
    public const double FirstOutput = 0.03273990078;

    /// <summary>Gradients before the first step: dU[1, 2], dV[1, 2], dW2[1, 2].</summary>
    public static ImmutableArray<double> FirstGradients => [-0.0223886268771, 0.0063617536010, -0.0083073083226];

    public static QuadraticNetwork Network => new(Modulus, 2, Width);

    /// <summary>U[k, n] = 2 cos(1 + 2k + 3n), V[k, m] = 2 sin(2 + 3k + 5m), W2[q, k] = 2 cos(3 + 5q + 2k).</summary>
    public static Parameters<Dense> Weights => new(
        ["w1", "w2"],
        [
            Dense.Build(Shape.Of(Width, 2 * Modulus), at => at[1] < Modulus
                ? 2 * Math.Cos(1 + (2 * at[0]) + (3 * at[1]))
                : 2 * Math.Sin(2 + (3 * at[0]) + (5 * (at[1] - Modulus)))),
            Dense.Build(Shape.Of(Modulus, Width), at => 2 * Math.Cos(3 + (5 * at[0]) + (2 * at[1]))),
        ]);

    /// <summary>The 16 pairs i = 5n + m with i mod 3 ≠ 0.</summary>
    public static Samples Train => Pairs(i => i % 3 != 0);

    /// <summary>The 9 pairs i = 5n + m with i mod 3 = 0.</summary>
    public static Samples Test => Pairs(i => i % 3 == 0);

    public static ImmutableArray<GoldenPath> Paths =>
    [
        new("gradient descent", new GradientDescent { LearningRate = 20 },
        [
            Start,
            new(1, 0.1635781152, 0.256600238, 4, 2, [6.0318841, 6.0038035, 5.9421956], [0.019188481, 0.012439764, 0.023665536]),
            new(10, 0.0996996388, 0.2938866776, 11, 1, [6.4384428, 6.4238351, 6.3667313], [0.0071052604, 0.0078886719, 0.0069593283]),
            new(100, 0.0266726983, 0.5774062804, 14, 0, [6.9494988, 6.8361888, 6.8420194], [8.5949955e-4, 9.3002277e-4, 8.9000265e-4]),
        ]),
        new("momentum", new Momentum { LearningRate = 2, Beta = 0.9 },
        [
            Start,
            new(1, 0.2440175604, 0.3488591917, 5, 2, [6.5765262, 6.2869452, 6.2935298], [0.039928602, 0.038217077, 0.058566221]),
            new(10, 0.1312393578, 0.2401163886, 8, 1, [5.7206678, 6.0154098, 6.0483726], [0.013695839, 0.014818336, 0.015205434]),
        ]),
        new("AdamW", new AdamW { LearningRate = 0.1, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
        [
            Start,
            new(1, 0.2107635032, 0.3120602221, 6, 2, [6.3443195, 6.134451, 6.1998844], [0.030698513, 0.02835408, 0.044662474]),
            new(10, 0.1176266265, 0.2966598151, 10, 0, [5.9120268, 6.1239966, 6.1287888], [0.010228046, 0.010641218, 0.012314136]),
            new(100, 0.02524923856, 0.6042513282, 14, 0, [6.950205, 6.9230201, 7.0455843], [7.112135457e-4, 7.471599618e-4, 7.573383324e-4]),
        ]),
    ];

    private static GoldenPoint Start =>
        new(0, 0.2590778939, 0.3648111314, 5, 2, [6.6401854, 6.3234536, 6.3443326], [0.044259719, 0.042928828, 0.064107643]);

    private static Samples Pairs(Func<int, bool> chosen)
    {
        ImmutableArray<int> pairs = [.. Enumerable.Range(0, Modulus * Modulus).Where(chosen)];
        return new(
            Modulus,
            [[.. pairs.Select(i => i / Modulus)], [.. pairs.Select(i => i % Modulus)]],
            [.. pairs.Select(i => ((i / Modulus) + (i % Modulus)) % Modulus)]);
    }
}

/// <summary>One optimiser's run.</summary>
internal sealed record GoldenPath(string Name, Optimiser Optimiser, ImmutableArray<GoldenPoint> Points)
{
    public Recipe Recipe => new(GoldenRun.Network, new Loss.MeanSquaredError(), Optimiser, Schedule.Constant, null);
}

/// <summary>What is known after so many steps. Norms are Frobenius, of U, V (the halves of w1) and W2.</summary>
internal sealed record GoldenPoint(
    int Step,
    double TrainLoss,
    double TestLoss,
    int TrainCorrect,
    int TestCorrect,
    ImmutableArray<double> WeightNorms,
    ImmutableArray<double> GradientNorms);
