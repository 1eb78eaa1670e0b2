using System.Reflection;
using Grokking.Networks;

namespace Grokking.Measures;

/// <summary>A single number about a network's weights, measured at evaluations.</summary>
/// <param name="Name">The column in the metrics table.</param>
/// <param name="Keyword">The word under an experiment's <c>measures</c> that asks for it.</param>
/// <param name="Description">What it is, with its unit or range.</param>
/// <param name="AppliesTo">Whether it means anything for a network.</param>
/// <param name="Of">The number; NaN where the weights leave it undefined.</param>
public sealed record ScalarMeasure(string Name, string Keyword, string Description, Func<INetwork, bool> AppliesTo, Func<Specimen, double> Of)
{
    /// <summary>The networks that it means anything for, in words that follow "defined for"; the empty string where those are all.</summary>
    public string Scope { get; init; } = "";
}

/// <summary>The scalar measures that there are.</summary>
public static class ScalarMeasures
{
    /// <summary>All of them, in the order of their columns: these, then every public static property of this type in the Model, by name.</summary>
    public static IReadOnlyList<ScalarMeasure> All { get; } =
    [
        new("weight_norm", "norms", "Frobenius norm of all weights together", Anything, Norms.Frobenius),
        new("rms_weight", "norms", "root mean square of all weights; about 1 at the start of the quadratic network", Anything, Norms.RootMeanSquare),
        Ipr(ParticipationConvention.HalfRfft, "ipr"),
        Ipr(ParticipationConvention.HalfFull, "ipr"),
        Ipr(ParticipationConvention.PooledFull, "ipr"),
        Ipr(ParticipationConvention.PooledRfft, "ipr"),
        Ipr(ParticipationConvention.Stacked, "ipr-stacked"),
        Phase("phase_residual_std", "standard deviation of φ1 + φ2 − φ3 over the neurons, in radians; 1.81 at random", Phases.ResidualDeviation),
        Phase("phase_residual_median", "median of |φ1 + φ2 − φ3| over the neurons, in radians; 1.57 at random", Phases.ResidualMedian),
        Phase("phase_share_within_tenth", "share of neurons with |φ1 + φ2 − φ3| within 0.1 radians", Phases.ShareWithinTenth),
        Phase("phase_power_share", "mean share of a neuron's power at its own frequency", Phases.MeanPowerShare),
        Phase("frequencies_in_use", "number of frequencies that some neuron has for its own", phases => Phases.FrequenciesInUse(phases)),
        .. Declared(),
    ];

    /// <summary>The words that an experiment may list, in alphabetical order.</summary>
    public static IReadOnlyList<string> Keywords { get; } = [.. All.Select(measure => measure.Keyword).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The measures that the given words ask for and that mean something for a network, in the order of their columns.</summary>
    public static IReadOnlyList<ScalarMeasure> For(INetwork network, IReadOnlyCollection<string> keywords) =>
        [.. All.Where(measure => keywords.Contains(measure.Keyword) && measure.AppliesTo(network))];

    private static ScalarMeasure Ipr(ParticipationConvention convention, string keyword) => new(
        $"ipr_{ParticipationRatio.Id(convention).Replace('-', '_')}",
        keyword,
        $"inverse participation ratio of the neurons' Fourier powers, mean over the neurons, convention {ParticipationRatio.Id(convention)}",
        network => network is QuadraticNetwork,
        seen => ParticipationRatio.Mean(convention, seen))
    { Scope = "the quadratic network" };

    private static ScalarMeasure Phase(string name, string description, Func<System.Collections.Immutable.ImmutableArray<NeuronPhase>, double> of) => new(
        name, "phases", description, Specimen.HasPhases, seen => of(seen.NeuronPhases))
    { Scope = Specimen.WithPhases };

    private static IEnumerable<ScalarMeasure> Declared() => typeof(ScalarMeasure).Assembly.GetTypes()
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
        .Where(property => property.PropertyType == typeof(ScalarMeasure))
        .Select(property => (ScalarMeasure)property.GetValue(null)!)
        .OrderBy(measure => measure.Name, StringComparer.Ordinal);

    private static bool Anything(INetwork network) => true;
}
