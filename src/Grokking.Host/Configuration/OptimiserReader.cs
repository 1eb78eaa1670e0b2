using System.Collections.Immutable;
using Grokking.Optimisers;

namespace Grokking.Host.Configuration;

/// <summary>Reads the object <c>optimiser</c>; which keys it knows depends on its kind.</summary>
internal static class OptimiserReader
{
    /// <summary>The kinds, as they are written.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["gradientDescent", "momentum", "nesterov", "adam", "adamW"];

    /// <summary>The kind of an optimiser, as it is written.</summary>
    public static string KindOf(Optimiser optimiser) => optimiser switch
    {
        GradientDescent => "gradientDescent",
        Momentum => "momentum",
        Nesterov => "nesterov",
        Adam => "adam",
        AdamW => "adamW",
        _ => throw new ArgumentException($"{optimiser.GetType().Name} has no name in files.", nameof(optimiser)),
    };

    /// <summary>Reads the object.</summary>
    public static Optimiser Read(JsonSection section)
    {
        string kind = section.OneOf("kind", Kinds);
        double rate = section.Number("learningRate", Range.Positive);
        double decay = section.Number("weightDecay", Range.NotNegative, 0);
        Optimiser optimiser = kind switch
        {
            "momentum" => new Momentum { LearningRate = rate, WeightDecay = decay, Beta = section.Number("beta", Range.Memory, 0.9) },
            "nesterov" => new Nesterov { LearningRate = rate, WeightDecay = decay, Beta = section.Number("beta", Range.Memory, 0.9) },
            "adam" => Adaptive(section, (beta1, beta2, epsilon) => new Adam
            {
                LearningRate = rate,
                WeightDecay = decay,
                Beta1 = beta1,
                Beta2 = beta2,
                Epsilon = epsilon,
            }),
            "adamW" => Adaptive(section, (beta1, beta2, epsilon) => new AdamW
            {
                LearningRate = rate,
                WeightDecay = decay,
                Beta1 = beta1,
                Beta2 = beta2,
                Epsilon = epsilon,
            }),
            _ => new GradientDescent { LearningRate = rate, WeightDecay = decay },
        };
        // Which keys are known depends on the kind; without one, complaints about keys would only mislead.
        if (kind.Length > 0)
            section.Close();
        return optimiser;
    }

    private static Optimiser Adaptive(JsonSection section, Func<double, double, double, Optimiser> make)
    {
        (double beta1, double beta2) = section.Pair("betas", Range.Memory, (0.9, 0.999));
        // No default on purpose: a library's usual 1e-8 drowns the first gradients of the quadratic network.
        double epsilon = section.Number("epsilon", Range.NotNegative);
        return make(beta1, beta2, epsilon);
    }
}
