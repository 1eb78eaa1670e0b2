using Grokking.Arithmetic;
using Grokking.Cuda;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Training;
using Grokking.Host.Configuration;
using Grokking.Host.Training;
using Grokking.Training;

namespace Grokking.Host.Devices;

/// <summary>Trains on a device: a run alone, or the runs of a sweep that share their computation together.</summary>
/// <param name="alone">Makes a machine for one run.</param>
/// <param name="fleet">Makes a fleet of at most so many places.</param>
/// <param name="check">Throws a <see cref="DeviceLostException"/> where the device is lost.</param>
/// <param name="instead">What trains where the device is lost; null where nothing does.</param>
internal sealed class DeviceEngine(
    Func<Recipe, Samples, Samples, Result<IStepMachine>> alone,
    Func<Recipe, Samples, Samples, int, Result<IFleet>> fleet,
    Action check,
    MachineMaker? instead)
{
    private readonly Func<Recipe, Samples, Samples, int, Result<IFleet>> fleet = fleet;
    private readonly Fleets fleets = new(fleet);

    /// <summary>An NVIDIA device through its driver.</summary>
    /// <param name="precision">Its matrix products.</param>
    /// <param name="instead">What trains where the device is lost; null where nothing does.</param>
    /// <returns>The engine, or the sentence that says why the device cannot be used.</returns>
    public static Result<DeviceEngine> Open(CudaPrecision precision, MachineMaker? instead) => Device.TryOpen().Map(device => On(device, precision, instead));

    /// <summary>A device that is open.</summary>
    /// <param name="device">The device.</param>
    /// <param name="precision">Its matrix products.</param>
    /// <param name="instead">What trains where the device is lost; null where nothing does.</param>
    public static DeviceEngine On(Device device, CudaPrecision precision, MachineMaker? instead) => new(
        (recipe, train, test) => CudaStepMachine.Create(device, recipe, train, test, precision),
        (recipe, train, test, places) => CudaFleet.Create(device, recipe, train, test, precision, Math.Max(1, CudaFleet.PlacesThatFit(device, recipe, train, test, places))),
        () => _ = device.FreeBytes,
        instead);

    /// <summary>Makes machines for runs that are trained alone.</summary>
    public MachineMaker Alone => (recipe, train, test, precision) => OnDevice(recipe, train, test, precision, () => alone(recipe, train, test));

    /// <summary>Makes a fleet, for whoever wants to see how fast it is.</summary>
    /// <param name="recipe">How its runs are trained.</param>
    /// <param name="train">The training set of one of them.</param>
    /// <param name="test">The test set of one of them.</param>
    /// <param name="places">How many there are to be.</param>
    public Result<IFleet> Fleet(Recipe recipe, Samples train, Samples test, int places) => fleet(recipe, train, test, places)
        .Bind(made => made.Places == places ? Result.Success(made) : TooSmall(made, places));

    /// <summary>Says which runs will come, so that fleets are made as large as they need to be.</summary>
    /// <param name="experiment">One of the runs.</param>
    /// <param name="runs">How many there are of its kind.</param>
    public void Expect(Experiment experiment, int runs)
    {
        if (experiment.Later is not null || experiment.Precision == Precision.Double || ExperimentData.Split(experiment) is not Result<DataSplit>.Success { Value: var split })
            return;
        fleets.Expect(ExperimentData.Recipe(experiment, split.Data.Task.OperandCount), Samples.TrainOf(split), Samples.TestOf(split), runs);
    }

    /// <summary>Makes the machine of a run of a sweep: a place in the fleet of its kind.</summary>
    /// <param name="experiment">The run.</param>
    /// <param name="together">How many runs there can be at once.</param>
    /// <param name="stop">Ends the waiting for a place.</param>
    public MachineMaker Together(Experiment experiment, int together, CancellationToken stop) => (recipe, train, test, precision) => OnDevice(
        recipe,
        train,
        test,
        precision,
        // Samples that change, and epochs that end with a short batch, are more than one computation.
        () => experiment.Later is not null || (recipe.EndsEpochs && train.Count % (recipe.BatchSize ?? 1) != 0)
            ? alone(recipe, train, test)
            : fleets.Enter(recipe, train, test, together, stop));

    private static Result<IFleet> TooSmall(IFleet made, int places)
    {
        using (made)
            return Result.Failure<IFleet>($"The memory of the device holds {made.Places} of {places} runs.");
    }

    private Result<IStepMachine> OnDevice(Recipe recipe, Samples train, Samples test, Precision precision, Func<Result<IStepMachine>> make)
    {
        if (precision == Precision.Double && instead is null)
            return Result.Failure<IStepMachine>("precision is 'double'; a device computes in single precision (--device cpu computes in both).");
        try
        {
            // A fleet that others are in is there still when its device is lost.
            check();
            return precision == Precision.Double ? instead!(recipe, train, test, precision) : make();
        }
        catch (DeviceLostException) when (instead is not null)
        {
            return instead(recipe, train, test, precision);
        }
    }
}
