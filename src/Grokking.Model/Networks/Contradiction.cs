namespace Grokking.Networks;

/// <summary>A setting of a network that its other settings leave without effect, or make impossible.</summary>
/// <param name="Setting">The property that carries the <see cref="SettingAttribute"/>.</param>
/// <param name="Problem">What is wrong, to follow the setting's name: "is 3 for a width of 8".</param>
/// <param name="Allowed">What would be right, as the rest of the sentence.</param>
public sealed record Contradiction(string Setting, string Problem, string Allowed)
{
    /// <summary>The same, with numbers as they are written everywhere.</summary>
    internal static Contradiction Of(string setting, FormattableString problem, string allowed) => new(setting, FormattableString.Invariant(problem), allowed);

    /// <summary>A degree for an activation that has none.</summary>
    internal static Contradiction? OfDegree(Activation activation, int degree) => activation == Activation.Monomial || degree == 2
        ? null
        : new("Degree", $"is {degree} with the activation '{activation.ToString().ToLowerInvariant()}'", "only a monomial has a degree");
}
