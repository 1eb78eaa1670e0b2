using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>An engine: makes the machine that trains a recipe on a data set, or says why it cannot.</summary>
internal delegate Result<IStepMachine> MachineMaker(Recipe recipe, Samples train, Samples test, Precision precision);

/// <summary>The engines of every build.</summary>
internal static class Engines
{
    /// <summary>Our own: the step compiled for the processor.</summary>
    /// <param name="threads">Threads that work.</param>
    public static MachineMaker Own(int threads) => (recipe, train, test, precision) =>
        Result.Success<IStepMachine>(new StepMachine(recipe, train, test, precision, threads));
}
