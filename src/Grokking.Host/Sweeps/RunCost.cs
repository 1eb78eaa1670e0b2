// p modulus, K operands, α training fraction, B samples of a step, T test samples, M training samples
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Files;
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
        var json = new JsonWalk(Encoding.UTF8.GetBytes(canonical));
        (int modulus, int operands, long steps) = (0, 0, 0);
        (double fraction, double later) = (0, 0);
        (long? every, long? perDecade) = (null, null);
        (string network, string batch) = ("", "");
        // A network whose output is scaled goes forward twice: the output of the start has no gradient.
        int forward = 1;
        for (json.Begin(); json.Next();)
        {
            if (json.Is("task"u8))
                (modulus, operands) = Task(ref json);
            else if (json.Is("split"u8))
                (fraction, later) = Split(ref json);
            else if (json.Is("network"u8))
                network = json.Raw();
            else if (json.Is("batch"u8))
                batch = json.Raw();
            else if (json.Is("budget"u8))
                steps = Budget(ref json);
            else if (json.Is("evaluation"u8))
                (every, perDecade) = Evaluation(ref json);
            else if (json.Is("outputScale"u8))
                forward = 2;
        }

        double multiplyAdds = networks.GetOrAdd(string.Create(CultureInfo.InvariantCulture, $"{modulus} {operands} {network}"), _ => MultiplyAdds(network, modulus, operands));
        double samples = Math.Pow(modulus, operands);
        double train = samples * Math.Max(fraction, later);
        double? size = double.TryParse(batch, CultureInfo.InvariantCulture, out double known) ? known : null;
        double step = (2 + forward) * (size ?? train) * multiplyAdds;
        double each = forward * (size is null ? samples - train : samples) * multiplyAdds;
        return new(steps, step, each, new(every, (int?)perDecade));
    }

    private static double MultiplyAdds(string network, int modulus, int operands)
    {
        using JsonDocument document = JsonDocument.Parse(network);
        return Kinds<INetwork>.Read(new JsonSection(document.RootElement, "network", []), (nameof(TaskSettings.Modulus), modulus), (nameof(TaskSettings.Operands), operands)).MultiplyAdds;
    }

    private static (int Modulus, int Operands) Task(ref JsonWalk json)
    {
        (long? modulus, long? operands) = (null, null);
        for (json.Begin(); json.Next();)
        {
            if (json.Is("modulus"u8))
                modulus = json.Whole();
            else if (json.Is("operands"u8))
                operands = json.Whole();
        }

        return ((int)modulus!.Value, (int)operands!.Value);
    }

    private static (double Fraction, double Later) Split(ref JsonWalk json)
    {
        (double fraction, double later) = (0, 0);
        for (json.Begin(); json.Next();)
        {
            if (json.Is("trainFraction"u8))
                fraction = json.Number()!.Value;
            else if (json.Is("later"u8))
                (later, _) = Split(ref json);
        }

        return (fraction, later);
    }

    private static long Budget(ref JsonWalk json)
    {
        long? steps = null;
        for (json.Begin(); json.Next();)
        {
            if (json.Is("steps"u8))
                steps = json.Whole();
        }

        return steps!.Value;
    }

    private static (long? Every, long? PerDecade) Evaluation(ref JsonWalk json)
    {
        (long? every, long? perDecade) = (null, null);
        for (json.Begin(); json.Next();)
        {
            if (json.Is("every"u8))
                every = json.Whole();
            else if (json.Is("perDecade"u8))
                perDecade = json.Whole();
        }

        return (every, perDecade);
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
    public static RunCosts Of(IReadOnlyList<SweepPoint> points)
    {
        var costs = new RunCosts();
        OnAllProcessors.Map(points, costs.Of);
        return costs;
    }

    /// <summary>The cost of each run of a point.</summary>
    public RunCost Of(SweepPoint point) => known.GetOrAdd(point.Configuration, canonical => RunCost.Of(canonical, networks));
}
