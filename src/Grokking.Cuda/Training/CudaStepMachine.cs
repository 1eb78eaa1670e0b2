using Grokking.Cuda.Driver;
using Grokking.Cuda.Program;
using Grokking.Training;

namespace Grokking.Cuda.Training;

/// <summary>
/// A recipe compiled for a data set and the device, with one state in the device's memory that moves on in place. Same state, same bits, whatever was asked before.
/// Takes every recipe; many runs of one plan are faster as a <see cref="CudaFleet"/>.
/// </summary>
public sealed class CudaStepMachine : IStepMachine
{
    private readonly Device device;
    private readonly StepMachine machine;

    /// <summary>Compiles the training step.</summary>
    /// <param name="device">Where it runs; not disposed of here.</param>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; not empty.</param>
    /// <param name="test">The test set; not empty.</param>
    /// <param name="precision">The arithmetic of products.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    /// <exception cref="CudaException">The device has too little memory, or is lost.</exception>
    public CudaStepMachine(Device device, Recipe recipe, Samples train, Samples test, CudaPrecision precision)
    {
        ArgumentNullException.ThrowIfNull(device);
        this.device = device;
        machine = device.Do(() => new StepMachine(recipe, train, test, () => (
            computation => new CudaExecutable(new(CudaProgram.PlanOf(computation), device, precision, places: 1)), null)));
    }

    /// <inheritdoc/>
    public string NumericsProfile => machine.NumericsProfile;

    /// <inheritdoc/>
    public long Step => machine.Step;

    /// <inheritdoc/>
    public TrainState State => device.Do(() => machine.State);

    /// <summary>Compiles the training step, or says in a sentence why the device has no room for it.</summary>
    /// <inheritdoc cref="CudaStepMachine(Device, Recipe, Samples, Samples, CudaPrecision)"/>
    public static Result<IStepMachine> Create(Device device, Recipe recipe, Samples train, Samples test, CudaPrecision precision)
    {
        try
        {
            return Result.Success<IStepMachine>(new CudaStepMachine(device, recipe, train, test, precision));
        }
        catch (CudaException refusal) when (refusal.IsOutOfMemory)
        {
            return Result.Failure<IStepMachine>(CudaFleet.NoRoom(device, recipe, train, test, 1));
        }
        catch (NotSupportedException refusal)
        {
            return Result.Failure<IStepMachine>(refusal.Message);
        }
    }

    /// <inheritdoc/>
    public void Load(TrainState state) => device.Do(() => machine.Load(state));

    /// <inheritdoc/>
    public void Advance(long steps) => device.Do(() => machine.Advance(steps));

    /// <inheritdoc/>
    public Evaluation Evaluate(bool gradients) => device.Do(() => machine.Evaluate(gradients));

    /// <inheritdoc/>
    public void Dispose() => machine.Dispose();
}
