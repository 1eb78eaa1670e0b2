// p modulus, K operands, N hidden width, α training fraction, B samples of a step, T test samples
using System.Text.Json;

namespace Grokking.Host.Sweeps;

/// <summary>
/// What a run costs at most, in multiply-adds of its matrix products: 3BNp a step and TNp an evaluation, the latter with MNp more where a step
/// does not see the whole training set. Good for comparing runs, and with a measured speed for a guess of the time.
/// </summary>
/// <param name="Steps">Steps of the budget.</param>
/// <param name="PerStep">Operations of a step, with its share of the evaluations.</param>
internal sealed record RunCost(long Steps, double PerStep)
{
    /// <summary>The cost of a canonical configuration.</summary>
    public static RunCost Of(string configuration)
    {
        using JsonDocument document = JsonDocument.Parse(configuration);
        JsonElement root = document.RootElement;
        JsonElement task = root.GetProperty("task");
        double p = task.GetProperty("modulus").GetDouble();
        double samples = Math.Pow(p, task.GetProperty("operands").GetDouble());
        double train = samples * root.GetProperty("split").GetProperty("trainFraction").GetDouble();
        double product = root.GetProperty("network").GetProperty("width").GetDouble() * p;
        JsonElement batch = root.GetProperty("batch");
        bool whole = batch.ValueKind == JsonValueKind.String;
        long steps = root.GetProperty("budget").GetProperty("steps").GetInt64();
        double step = 3 * (whole ? train : batch.GetDouble()) * product;
        double evaluation = (samples - train + (whole ? 0 : train)) * product;
        return new(steps, step + (evaluation * Evaluations(root.GetProperty("evaluation"), steps) / Math.Max(1, steps)));
    }

    /// <summary>Operations of the whole run.</summary>
    public double Whole => Steps * PerStep;

    private static double Evaluations(JsonElement evaluation, long steps) => evaluation.TryGetProperty("every", out JsonElement every)
        ? steps / every.GetDouble()
        : Math.Min(steps, evaluation.GetProperty("perDecade").GetDouble() * Math.Log10(Math.Max(10, steps)));
}

/// <summary>The costs of points, each worked out once.</summary>
internal sealed class RunCosts
{
    private readonly Dictionary<string, RunCost> known = [];

    /// <summary>The cost of each run of a point.</summary>
    public RunCost Of(SweepPoint point)
    {
        if (!known.TryGetValue(point.Configuration, out RunCost? cost))
            known.Add(point.Configuration, cost = RunCost.Of(point.Configuration));
        return cost;
    }
}
