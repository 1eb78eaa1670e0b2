using Grokking.Arithmetic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Configuration;

/// <summary>What an experiment means to the Model: its task, its samples, its recipe. All of it follows from the experiment and its seed.</summary>
internal static class ExperimentData
{
    /// <summary>What all randomness of the run comes from.</summary>
    public static RandomKey Key(Experiment experiment) => RandomKey.FromSeed((ulong)experiment.Seed);

    /// <summary>The task.</summary>
    public static Result<ArithmeticTask> Task(Experiment experiment) =>
        ArithmeticTask.Parse(experiment.Task.Operation, new Modulus(experiment.Task.Modulus))
            .Bind(task => task.WithOperands(Math.Max(1, experiment.Task.Operands)));

    /// <summary>All samples.</summary>
    public static Result<DataSet> All(Experiment experiment) => Task(experiment).Bind(DataSet.Of);

    /// <summary>The samples, divided into those that are trained on and those that are tested on.</summary>
    public static Result<DataSplit> Split(Experiment experiment) => All(experiment).Bind(data => Split(experiment, data));

    /// <summary>The same, for whoever has the samples already.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">All samples of its task.</param>
    public static Result<DataSplit> Split(Experiment experiment, DataSet data)
    {
        RandomKey key = Key(experiment);
        CorruptionScope scope = experiment.Corruption.Everywhere ? CorruptionScope.All : CorruptionScope.Train;
        return DataSplit.Of(data, experiment.TrainFraction, key.Split(RandomPurpose.Split))
            .Bind(split => split.Corrupt(experiment.Corruption.Fraction, scope, key.Split(RandomPurpose.Corruption)));
    }

    /// <summary>The division of the samples that training goes on with; null where it keeps the first.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">All samples of its task.</param>
    public static Result<DataSplit>? Later(Experiment experiment, DataSet data) =>
        experiment.Later is { } later ? Split(experiment with { TrainFraction = later.TrainFraction }, data) : null;

    /// <summary>The network for so many operands, which the task knows only once its formula is read.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="operands">K.</param>
    public static INetwork Network(Experiment experiment, int operands) => Kinds<INetwork>.With(experiment.Network, (nameof(TaskSettings.Operands), operands));

    /// <summary>How the network is trained.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="operands">K.</param>
    public static Recipe Recipe(Experiment experiment, int operands)
    {
        var plain = new Recipe(
            Network(experiment, operands),
            experiment.Loss,
            experiment.Optimiser,
            experiment.Schedule,
            experiment.BatchSize)
        {
            EndsEpochs = experiment.EndsEpochs,
            Filters = experiment.Filters,
            InitialScale = experiment.Weights.InitialScale,
            WeightNorm = experiment.Weights.Norm,
        };
        return experiment.OutputScale is { } scale ? Scaled(plain, scale, InitialState.Of(plain, experiment.Precision, Key(experiment))) : plain;
    }

    /// <summary>The network whose weights are trained: the inner one where its output is scaled.</summary>
    public static INetwork Trained(Recipe recipe) => recipe.Network is OutputScaled scaled ? scaled.Inner : recipe.Network;

    // The start follows from the experiment alone, so that a resumed run subtracts the same.
    private static Recipe Scaled(Recipe plain, double scale, TrainState start) => plain with
    {
        Network = new OutputScaled(plain.Network, scale, start.Weights.And(start.Statistics)),
        Optimiser = plain.Optimiser with { LearningRate = plain.Optimiser.LearningRate / (scale * scale) },
    };
}
