using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Grokking.Analytic;
using Grokking.Host.Configuration;
using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Host.Commands;

/// <summary>What is to be said about a learning rate.</summary>
/// <param name="Network">The network.</param>
/// <param name="Convention">Where the numbers come from.</param>
/// <param name="Optimiser">The numbers, as that convention has them.</param>
/// <param name="EpsilonIsUsual">Whether nobody said ε, so that it is the usual one.</param>
internal sealed record RateQuestion(QuadraticNetwork Network, ScaleConvention Convention, Optimiser Optimiser, bool EpsilonIsUsual);

/// <summary>The options of <c>verify --learning-rate</c>.</summary>
internal sealed class RateOptions
{
    private const string UsualKind = "gradientDescent";
    private const int UsualModulus = 97;
    private const int UsualWidth = 500;
    private const int WidestNetwork = 1 << 20;
    private const double UsualBeta = 0.9;
    private const double UsualEpsilon = 1e-8;

    // The optimisers whose rates are understood; another one is refused rather than answered for.
    private static readonly ImmutableSortedDictionary<string, Func<Numbers, Optimiser>> Makers = new Func<Numbers, Optimiser>[]
    {
        of => new GradientDescent { LearningRate = of.Rate, WeightDecay = of.Decay },
        of => new Momentum { LearningRate = of.Rate, WeightDecay = of.Decay, Beta = of.Beta },
        of => new Nesterov { LearningRate = of.Rate, WeightDecay = of.Decay, Beta = of.Beta },
        of => new Adam { LearningRate = of.Rate, WeightDecay = of.Decay, Beta1 = 0.9, Beta2 = 0.98, Epsilon = of.Epsilon },
        of => new AdamW { LearningRate = of.Rate, WeightDecay = of.Decay, Beta1 = 0.9, Beta2 = 0.98, Epsilon = of.Epsilon },
    }.ToImmutableSortedDictionary(make => Kinds<Optimiser>.NameOf(make(new(1, 0, UsualBeta, UsualEpsilon))), make => make);

    private readonly Option<double?> rate = Real("--learning-rate", double.Epsilon, double.MaxValue, "Says what a learning rate will do, and what it is in other conventions.", "RATE");
    private readonly Option<string> kind = WordOption.Create("--optimiser", [.. Makers.Keys], UsualKind, "Whose rate it is.", "KIND");
    private readonly Option<double?> beta = Real("--beta", 0, 1 - 1e-12, $"The memory of momentum or Nesterov's (default: {UsualBeta.ToString(CultureInfo.InvariantCulture)}).", "BETA");
    private readonly Option<double?> decay = Real("--weight-decay", 0, double.MaxValue, "The decay of the weights (default: 0).", "DECAY");
    private readonly Option<double?> epsilon = Real("--epsilon", 0, double.MaxValue, $"Adam's epsilon (default: {UsualEpsilon.ToString(CultureInfo.InvariantCulture)}, as in most libraries).", "EPSILON");
    private readonly Option<long?> width = NumberOption.Create("--width", 1, WidestNetwork, $"Hidden neurons (default: {UsualWidth}).");
    private readonly Option<string> from = WordOption.Create(
        "--from", [.. ScaleConvention.All.Select(convention => convention.Id)], ScaleConvention.Here.Id, "Where the numbers come from.", "CONVENTION");

    private readonly Option<long?> modulus;

    /// <summary>Makes the options.</summary>
    /// <param name="modulus">The command's own <c>--modulus</c>.</param>
    public RateOptions(Option<long?> modulus) => this.modulus = modulus;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [rate, kind, beta, decay, epsilon, width, from];

    /// <summary>Whether they make sense together.</summary>
    public void Check(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        foreach (Option stray in Given(rate) ? [] : All.Where(Given))
            result.AddError($"{stray.Name} says more about a rate; give --learning-rate as well.");
        if (result.Errors.Any() || !Given(rate))
            return;
        string name = result.Written(kind, UsualKind);
        if (Given(beta) && name is not ("momentum" or "nesterov"))
            result.AddError($"--beta belongs to momentum and nesterov, not to {name}.");
        if (Given(epsilon) && name is not ("adam" or "adamW"))
            result.AddError($"--epsilon belongs to adam and adamW, not to {name}.");
    }

    /// <summary>The question, if one is asked.</summary>
    public RateQuestion? Of(ParseResult parsed)
    {
        if (parsed.GetValue(rate) is not { } eta)
            return null;
        var (lambda, momentum, small) = (parsed.GetValue(decay) ?? 0, parsed.GetValue(beta) ?? UsualBeta, parsed.GetValue(epsilon));
        Optimiser optimiser = Makers[parsed.GetValue(kind) ?? UsualKind](new(eta, lambda, momentum, small ?? UsualEpsilon));
        return new(
            new((int)(parsed.GetValue(modulus) ?? UsualModulus), 2, (int)(parsed.GetValue(width) ?? UsualWidth)),
            ScaleConvention.All.First(convention => convention.Id == parsed.GetValue(from)),
            optimiser,
            optimiser is AdaptiveMoments && small is null);
    }

    private static Option<double?> Real(string name, double low, double high, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high)
                return value;
            result.AddError($"{name} is {text}; it must be a number {(low > 0 ? "greater than 0" : high < 1 ? "from 0 to less than 1" : "of at least 0")}.");
            return null;
        },
    };

    private sealed record Numbers(double Rate, double Decay, double Beta, double Epsilon);
}
