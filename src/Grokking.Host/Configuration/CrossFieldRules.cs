using Grokking.Host.Experiments;

namespace Grokking.Host.Configuration;

/// <summary>What no single setting can know: whether the settings fit together and into a machine.</summary>
internal static class CrossFieldRules
{
    /// <summary>Checks an experiment whose single settings are all right.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>Everything that does not fit.</returns>
    public static IEnumerable<ConfigurationError> Check(Experiment experiment)
    {
        if (TaskOf(experiment) is { } objection)
            return [ConfigurationError.Because("task", objection)];

        var errors = new List<ConfigurationError>();
        errors.AddRange(CheckWeights(experiment));
        errors.AddRange(CheckMeasures(experiment));
        errors.AddRange(ExperimentData.Split(experiment).Match(
            split => CheckBatch(experiment, split.Train.Length),
            reason => [ConfigurationError.Because("split.trainFraction", reason)]));
        return errors;
    }

    private static string? TaskOf(Experiment experiment) =>
        ExperimentData.All(experiment).Match<string?>(_ => null, reason => reason);

    private static IEnumerable<ConfigurationError> CheckWeights(Experiment experiment)
    {
        int operands = ExperimentData.Task(experiment).OrThrow().OperandCount;
        long weights = (long)experiment.Network.Width * experiment.Task.Modulus * (operands + 1);
        if (weights > Limits.Weights)
        {
            yield return new ConfigurationError(
                "network.width",
                $"is {experiment.Network.Width}, which makes {weights} weights",
                $"it must be at most {Limits.Weights / ((long)experiment.Task.Modulus * (operands + 1))} here, for {Limits.Weights} weights in all");
        }
    }

    private static IEnumerable<ConfigurationError> CheckMeasures(Experiment experiment)
    {
        int operands = ExperimentData.Task(experiment).OrThrow().OperandCount;
        foreach (string measure in experiment.Measures.Where(name => name is MeasureNames.Phases or MeasureNames.Spectra && operands != 2))
            yield return new ConfigurationError("measures", $"names '{measure}' for a task of {operands} operands", "it is defined for two operands");
    }

    private static IEnumerable<ConfigurationError> CheckBatch(Experiment experiment, int trainCount)
    {
        if (experiment.BatchSize is { } size && size > trainCount)
            yield return ConfigurationError.NotAllowed("batch", $"{size}", $"\"full\" or at most the {trainCount} training samples");
    }
}
