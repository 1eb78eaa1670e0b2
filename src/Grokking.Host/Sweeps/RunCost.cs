// p modulus, K operands, α training fraction, B samples of a step, T test samples, M training samples
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Networks;

namespace Grokking.Host.Sweeps;

/// <summary>
/// What a run costs at most, in multiply-adds of its matrix products: for each sample of a step three times what its logits cost, and for an
/// evaluation what the logits of the T test samples cost, with those of the M training samples where a step does not see them all. Good for
/// comparing runs, and with a measured speed for a guess of the time.
/// </summary>
/// <param name="Steps">Steps of the budget.</param>
/// <param name="PerStep">Operations of a step.</param>
/// <param name="PerEvaluation">Operations of an evaluation.</param>
/// <param name="Schedule">At which steps there is one: often at first, where it goes by decades.</param>
internal sealed record RunCost(long Steps, double PerStep, double PerEvaluation, EvaluationSchedule Schedule)
{
    /// <summary>The cost of an experiment.</summary>
    public static RunCost Of(Experiment experiment) => Of(CanonicalForm.Write(experiment), new(StringComparer.Ordinal));

    /// <summary>
    /// The cost of an experiment in its canonical form, with or without a seed. Of ten thousand points only what decides the cost is read, and each network once.
    /// </summary>
    /// <param name="canonical">The canonical form.</param>
    /// <param name="networks">Multiply-adds of networks that are known already.</param>
    internal static RunCost Of(string canonical, ConcurrentDictionary<string, double> networks)
    {
        using JsonDocument document = JsonDocument.Parse(canonical);
        JsonElement root = document.RootElement, task = root.GetProperty("task"), split = root.GetProperty("split"), network = root.GetProperty("network"), evaluation = root.GetProperty("evaluation");
        int modulus = task.GetProperty("modulus").GetInt32(), operands = task.GetProperty("operands").GetInt32();
        double multiplyAdds = networks.GetOrAdd(
            string.Create(CultureInfo.InvariantCulture, $"{modulus} {operands} {network.GetRawText()}"),
            _ => Kinds<INetwork>.Read(new JsonSection(network, "network", []), (nameof(TaskSettings.Modulus), modulus), (nameof(TaskSettings.Operands), operands)).MultiplyAdds);
        double samples = Math.Pow(modulus, operands);
        double later = split.TryGetProperty("later", out JsonElement other) ? other.GetProperty("trainFraction").GetDouble() : 0;
        double train = samples * Math.Max(split.GetProperty("trainFraction").GetDouble(), later);
        double? batch = root.GetProperty("batch") is { ValueKind: JsonValueKind.Number } size ? size.GetDouble() : null;
        // A network whose output is scaled goes forward twice: the output of the start has no gradient.
        int forward = root.TryGetProperty("outputScale", out _) ? 2 : 1;
        double step = (2 + forward) * (batch ?? train) * multiplyAdds;
        double each = forward * (batch is null ? samples - train : samples) * multiplyAdds;
        var schedule = new EvaluationSchedule(
            evaluation.TryGetProperty("every", out JsonElement every) ? every.GetInt64() : null,
            evaluation.TryGetProperty("perDecade", out JsonElement perDecade) ? perDecade.GetInt32() : null);
        return new(root.GetProperty("budget").GetProperty("steps").GetInt64(), step, each, schedule);
    }

    /// <summary>Operations of the whole run.</summary>
    public double Whole => After(0);

    /// <summary>Operations of what is left after a step.</summary>
    public double After(long step) => (StepsAfter(step) * PerStep) + (EvaluationsAfter(step) * PerEvaluation);

    /// <summary>How many steps are left after a step.</summary>
    public long StepsAfter(long step) => Math.Max(0, Steps - step);

    /// <summary>About how many evaluations are left after a step.</summary>
    public double EvaluationsAfter(long step) => Math.Max(0, Schedule.Count(Steps) - Schedule.Count(step));
}

/// <summary>The costs of points, each worked out once.</summary>
internal sealed class RunCosts
{
    private readonly ConcurrentDictionary<string, RunCost> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, double> networks = new(StringComparer.Ordinal);

    /// <summary>The costs of many points, worked out on all processors.</summary>
    public static RunCosts Of(IEnumerable<SweepPoint> points)
    {
        var costs = new RunCosts();
        points.AsParallel().ForAll(point => costs.Of(point));
        return costs;
    }

    /// <summary>The cost of each run of a point.</summary>
    public RunCost Of(SweepPoint point) => known.GetOrAdd(point.Configuration, canonical => RunCost.Of(canonical, networks));
}
