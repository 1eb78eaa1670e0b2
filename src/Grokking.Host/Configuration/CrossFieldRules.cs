using System.Globalization;
using Grokking.Arithmetic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;

namespace Grokking.Host.Configuration;

/// <summary>What no single setting can know: whether the settings fit together and into a machine.</summary>
internal static class CrossFieldRules
{
    /// <summary>Checks an experiment whose single settings are all right.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="shared">What was made for other experiments already; null for nothing.</param>
    /// <returns>Everything that does not fit.</returns>
    public static IEnumerable<ConfigurationError> Check(Experiment experiment, SharedSamples? shared = null)
    {
        SharedSamples samples = shared ?? new();
        if (samples.Formula(experiment) is not Result<TaskExpression>.Success { Value: var formula })
            return [ConfigurationError.Because("task.operation", $"{samples.Formula(experiment).Match(_ => "", reason => reason)}\n  Operands are x and y, or x1, x2 and so on.")];
        if (CheckOperands(experiment, formula) is { } skipped)
            return [skipped];
        if (samples.All(experiment) is not Result<DataSet>.Success { Value: var data })
            return [ConfigurationError.Because("task", samples.All(experiment).Match(_ => "", reason => reason))];

        var errors = new List<ConfigurationError>();
        INetwork network = ExperimentData.Network(experiment, data.Task.OperandCount);
        errors.AddRange(CheckNetwork(experiment, network, data.Task.OperandCount));
        errors.AddRange(CheckSchedule(experiment));
        errors.AddRange(CheckOutputScale(experiment));
        if (errors.Count == 0)
            errors.AddRange(CheckWeights(network));
        if (errors.Count == 0)
            errors.AddRange(CheckMemory(experiment, network));
        // What follows makes the samples, and judges products that are too large already.
        if (errors.Count == 0)
            errors.AddRange(CheckElements(experiment, data.Count));
        if (errors.Count > 0)
            return errors;
        errors.AddRange(CheckMeasures(experiment, network, data.Task));
        errors.AddRange(samples.TrainCount(experiment).Match(
            count => CheckBatch(experiment, count),
            reason => [ConfigurationError.Because("split.trainFraction", reason)]));
        if (errors.Count == 0)
            errors.AddRange(CheckLater(experiment, data));
        return errors;
    }

    private static IEnumerable<ConfigurationError> CheckLater(Experiment experiment, DataSet data)
    {
        if (experiment.Later is not { } later)
            yield break;
        if (later.TrainFraction == experiment.TrainFraction)
            yield return new("split.later.trainFraction", $"is {later.TrainFraction.ToString(CultureInfo.InvariantCulture)}, as before", "it must be another fraction than split.trainFraction");
        if (later.FromStep >= experiment.Budget.Steps)
            yield return new("split.later.fromStep", $"is {later.FromStep} of {experiment.Budget.Steps} steps", "it must be less than budget.steps");
        if (experiment.Budget.TestAccuracy is not null)
            yield return new("budget.testAccuracy", "ends a run, with \"split.later\" perhaps before its samples change", "only one of the two can be given");
        if (experiment.Corruption is { Fraction: > 0, Everywhere: false })
            yield return new("labelCorruption.scope", "is 'train' with \"split.later\", so that samples would change their labels", "it must be 'all'");
        if (experiment.Measures.FirstOrDefault(Explanations.Keywords.Contains) is { } measure)
            yield return new("measures", $"names '{measure}' with \"split.later\"", "what looks at samples is not defined where they change");
        IEnumerable<ConfigurationError> left = ExperimentData.Later(experiment, data)!.Match(
            split => CheckBatch(experiment, split.Train.Length),
            reason => [ConfigurationError.Because("split.later.trainFraction", reason)]);
        foreach (ConfigurationError error in left)
            yield return error;
    }

    private static IEnumerable<ConfigurationError> CheckNetwork(Experiment experiment, INetwork network, int operands)
    {
        if (experiment.Network.RequiredOperands is { } required && required != operands)
        {
            yield return new ConfigurationError(
                "network.kind", $"is '{Kinds<INetwork>.NameOf(experiment.Network)}' for a task of {Counted(operands)}", $"it takes exactly {Counted(required)}");
        }

        foreach (Contradiction contradiction in network.Contradictions())
            yield return new ConfigurationError($"network.{DeclaredSetting.Camel(contradiction.Setting)}", contradiction.Problem, contradiction.Allowed);
    }

    private static IEnumerable<ConfigurationError> CheckSchedule(Experiment experiment)
    {
        (Schedule schedule, long steps) = (experiment.Schedule, experiment.Budget.Steps);
        if (schedule is { WarmupSteps: 0, WarmupFrom: not 1 and var from })
            yield return new ConfigurationError("schedule.warmupFrom", $"is {from} without a warm-up", "only with \"warmupSteps\" above 0 does it mean anything");
        if (schedule.Annealing != Annealing.None && steps <= schedule.WarmupSteps)
        {
            yield return new ConfigurationError(
                "schedule.annealing", $"is '{DeclaredSetting.Text(schedule.Annealing)}' for {steps} steps", $"the budget must be longer than the warm-up of {schedule.WarmupSteps} steps for the rate to fall");
        }
    }

    // The rate is divided by a² because a gradient grows with a and the output with its square; a step that is the same for every gradient grows otherwise.
    private static IEnumerable<ConfigurationError> CheckOutputScale(Experiment experiment)
    {
        if (experiment is { OutputScale: { } scale, Optimiser: AdaptiveMoments adaptive })
        {
            yield return new ConfigurationError(
                "outputScale",
                $"is {scale.ToString(CultureInfo.InvariantCulture)} with the optimiser '{Kinds<Optimiser>.NameOf(adaptive)}', whose steps do not grow with the gradient",
                "the optimiser must be one of gradientDescent, momentum, nesterov, for which the rate over the square is as fast");
        }
    }

    private static IEnumerable<ConfigurationError> CheckMemory(Experiment experiment, INetwork network)
    {
        long weights = Weights(network);
        long remembered = 0;
        foreach ((int place, GradientFilter filter) in experiment.Filters.Index())
        {
            long before = remembered;
            remembered += weights * filter.Slots.Sum(slot => (long)Math.Max(1, slot.Window));
            if (remembered <= Limits.Memory)
                continue;
            yield return filter is GrokfastMa { Window: var window } && (Limits.Memory - before) / weights is > 0 and var room
                ? new ConfigurationError($"gradient.{place}.window", $"is {window} for {weights} weights", $"it must be at most {room} here, for {Limits.Memory} remembered numbers in all")
                : new ConfigurationError($"gradient.{place}", $"makes {remembered} remembered numbers for {weights} weights", $"there may be at most {Limits.Memory} in all");
            yield break;
        }
    }

    private static IEnumerable<ConfigurationError> CheckWeights(INetwork network)
    {
        long weights = Weights(network);
        if (weights > Limits.Weights)
        {
            yield return new ConfigurationError(
                "network.width",
                $"is {network.Width}, which makes {(weights == long.MaxValue ? $"more than {int.MaxValue}" : weights)} weights",
                $"it must be at most {LargestWidth(network)} here, for {Limits.Weights} weights in all");
        }
    }

    // A single tensor can be too large for a shape.
    private static long Weights(INetwork network)
    {
        try
        {
            return network.Parameters.Sum(parameter => (long)parameter.Shape.Count);
        }
        catch (ArgumentException)
        {
            return long.MaxValue;
        }
    }

    // Weights grow with the width: halving finds the last one that fits.
    private static int LargestWidth(INetwork network)
    {
        (int fits, int large) = (0, network.Width);
        while (large - fits > 1)
        {
            int middle = fits + ((large - fits) / 2);
            if (Weights(Kinds<INetwork>.With(network, (nameof(INetwork.Width), middle))) <= Limits.Weights)
                fits = middle;
            else
                large = middle;
        }

        return fits;
    }

    // The widest values of an evaluation have a row per sample and a column per neuron, or per residue.
    private static IEnumerable<ConfigurationError> CheckElements(Experiment experiment, int samples)
    {
        int residues = experiment.Task.Modulus;
        if ((long)samples * residues > Limits.Elements)
        {
            yield return new ConfigurationError(
                "task.modulus",
                $"is {residues}, which makes {samples} samples with {residues} outputs each",
                $"samples times outputs must be at most {Limits.Elements}");
        }
        else if ((long)samples * experiment.Network.Width > Limits.Elements)
        {
            yield return new ConfigurationError(
                "network.width",
                $"is {experiment.Network.Width} for {samples} samples",
                $"it must be at most {Limits.Elements / samples} here, for {Limits.Elements} samples times neurons");
        }
    }

    // An operand that is left out by a slip would make p times as many samples.
    private static ConfigurationError? CheckOperands(Experiment experiment, TaskExpression formula)
    {
        if (experiment.Task.Operands > 0)
            return null;
        int[] used = [.. formula.Nodes().OfType<TaskExpression.Operand>().Select(operand => operand.Index).Distinct().Order()];
        int[] unused = [.. Enumerable.Range(0, used.LastOrDefault(-1) + 1).Except(used)];
        if (unused.Length == 0)
            return null;
        bool numbered = experiment.Task.Operation.Any(char.IsAsciiDigit) && experiment.Task.Operation.Contains($"x{used[^1] + 1}", StringComparison.Ordinal);
        string names = string.Join(", ", unused.Select(index => numbered ? $"x{index + 1}" : "x"));
        return new ConfigurationError(
            "task.operation",
            $"is '{experiment.Task.Operation}', which does not use {names}",
            $"it must use each operand up to its highest, or task.operands must be given ({used[^1] + 1}) to leave some unused");
    }

    private static IEnumerable<ConfigurationError> CheckMeasures(Experiment experiment, INetwork network, ArithmeticTask task)
    {
        foreach (string measure in experiment.Measures.Where(name => !MeasureNames.Apply(name, network, task)))
        {
            yield return new ConfigurationError(
                "measures",
                $"names '{measure}' for the network '{Kinds<INetwork>.NameOf(network)}' and a task of {Counted(task.OperandCount)}",
                $"it is defined for {MeasureNames.Scope(measure)}; here there are {string.Join(", ", MeasureNames.All.Where(name => MeasureNames.Apply(name, network, task)))}");
        }
    }

    private static string Counted(int operands) => $"{operands} {(operands == 1 ? "operand" : "operands")}";

    private static IEnumerable<ConfigurationError> CheckBatch(Experiment experiment, int trainCount)
    {
        if (experiment is { BatchSize: null, EndsEpochs: true })
            yield return new ConfigurationError("lastBatch", "is 'short' for steps on the whole training set", "only with a number as \"batch\" is there a last one");
        if (experiment.BatchSize is { } size && size > trainCount)
            yield return ConfigurationError.NotAllowed("batch", $"{size}", $"\"full\" or at most the {trainCount} training samples");
    }
}
