using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>What an experiment is trained with. It is made before any file is, so that an experiment that does not fit leaves nothing behind.</summary>
/// <param name="Split">The samples.</param>
/// <param name="Recipe">How they are learnt.</param>
/// <param name="Machine">What trains.</param>
/// <param name="Later">The samples from a step on; null where they stay as they are.</param>
internal sealed record Equipment(DataSplit Split, Recipe Recipe, IStepMachine Machine, DataSplit? Later) : IDisposable
{
    /// <summary>Makes it.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="make">The engine.</param>
    /// <returns>The equipment, or the sentence that says why there is none.</returns>
    public static Result<Equipment> Prepare(Experiment experiment, MachineMaker make)
    {
        try
        {
            DataSplit split = ExperimentData.Split(experiment).OrThrow();
            Recipe recipe = ExperimentData.Recipe(experiment, split.Data.Task.OperandCount);
            Result<IStepMachine> Make(DataSplit on) => make(recipe, Samples.TrainOf(on), Samples.TestOf(on), experiment.Precision);
            if (experiment.Later is not { FromStep: var takeover })
                return Make(split).Map(machine => new Equipment(split, recipe, machine, null));
            DataSplit later = ExperimentData.Later(experiment, split.Data)!.OrThrow();
            return Make(split).Bind(first => Make(later).Map(second => new Equipment(split, recipe, new SuccessiveMachine(first, second, takeover), later)));
        }
        catch (Exception fault) when (fault is ArgumentException or OverflowException or OutOfMemoryException)
        {
            string limit = fault is OutOfMemoryException ? "the memory of this machine" : $"{int.MaxValue} numbers in one value of a training step";
            return Result.Failure<Equipment>(
                $"network.width is {experiment.Network.Width} with task.modulus {experiment.Task.Modulus}: too large for {limit}; one of them must be smaller.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Machine.Dispose();
}
