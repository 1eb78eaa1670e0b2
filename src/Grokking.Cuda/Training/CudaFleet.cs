using System.Collections.Immutable;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Program;
using Grokking.Engine;
using Grokking.Training;

namespace Grokking.Cuda.Training;

/// <summary>
/// Many runs of one plan on the device as one program: each in a place of its own, with its own state, numbers, keys and samples. One launch takes a step of all of them.
/// A run has the bits that it has alone in a <see cref="CudaStepMachine"/>.
/// </summary>
public sealed class CudaFleet : IFleet
{
    /// <summary>The share of the free memory that places may take: the driver needs some for itself.</summary>
    private const double UsableMemory = 0.9;

    private readonly Device device;
    private readonly Recipe shape;
    private readonly CudaProgram step;
    private readonly FleetEvaluator onTrain;
    private readonly FleetEvaluator onTrainWithGradients;
    private readonly FleetEvaluator onTest;
    private readonly FleetMember?[] members;
    private readonly Kinship kinship = new();
    private readonly int family;

    private CudaFleet(Device device, Recipe recipe, Samples train, Samples test, CudaPrecision precision, int places)
    {
        (this.device, shape, members) = (device, recipe, new FleetMember?[places]);
        family = kinship.Of(recipe, train, test);
        ImmutableArray<string> followed = [.. recipe.Network.Parameters.Select(weight => weight.Name), .. recipe.Network.Statistics.Select(statistic => statistic.Name)];
        CudaProgram Compile(Computation computation) => new(CudaProgram.PlanOf(computation), device, precision, places);
        FleetEvaluator Evaluator(Samples samples, bool gradients, Func<FleetMember, Samples> set) => new(() => Compile(Evaluation(recipe, samples, gradients)), followed, set);
        step = Compile(Step(recipe, train, test));
        onTrain = Evaluator(train, gradients: false, member => member.Train);
        onTrainWithGradients = Evaluator(train, gradients: true, member => member.Train);
        onTest = Evaluator(test, gradients: false, member => member.Test);
        NumericsProfile = step.Profile;
        try
        {
            // Every evaluation needs it: where there is no room for it, that is known now.
            onTest.Compile(members);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string NumericsProfile { get; }

    /// <inheritdoc/>
    public int Places => members.Length;

    /// <summary>Training and evaluation give by-products of each other: the whole set is the batch, and the network is the same in both.</summary>
    private bool StepEvaluates => shape.BatchSize is null && !shape.Network.DiffersInTraining;

    /// <summary>Compiles a fleet, or says in a sentence why it cannot be.</summary>
    /// <param name="device">Where it runs; not disposed of here.</param>
    /// <param name="recipe">A recipe of the runs; what differs from run to run in what the compiled step takes as inputs is given with each run.</param>
    /// <param name="train">A training set: all runs' are as large.</param>
    /// <param name="test">A test set: all runs' are as large.</param>
    /// <param name="precision">The arithmetic of products.</param>
    /// <param name="places">How many runs there can be at once, at least 1.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    /// <exception cref="DeviceLostException">The device is lost.</exception>
    public static Result<IFleet> Create(Device device, Recipe recipe, Samples train, Samples test, CudaPrecision precision, int places)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(train);
        var size = recipe.BatchSizeOn(train, test);
        if (recipe.EndsEpochs && train.Count % size != 0)
        {
            return Result.Failure<IFleet>($"Runs whose last batch of an epoch is short ({train.Count % size} of {size} samples) cannot share a device program; they run on it one by one.");
        }

        try
        {
            return Result.Success<IFleet>(device.Do(() => new CudaFleet(device, recipe, train, test, precision, places)));
        }
        catch (CudaException refusal) when (refusal.IsOutOfMemory)
        {
            return Result.Failure<IFleet>(NoRoom(device, recipe, train, test, places));
        }
        catch (NotSupportedException refusal)
        {
            return Result.Failure<IFleet>(refusal.Message);
        }
    }

    /// <summary>How many runs of a kind the device has room for at the moment, from 0 to the number wanted.</summary>
    public static int PlacesThatFit(Device device, Recipe recipe, Samples train, Samples test, int wanted)
    {
        ArgumentNullException.ThrowIfNull(device);
        return (int)Math.Min(Math.Min(wanted, CudaProgram.MostPlaces), (long)(device.FreeBytes * UsableMemory) / BytesPerPlace(recipe, train, test));
    }

    /// <inheritdoc/>
    public void Load(int place, Recipe recipe, TrainState state, Samples train, Samples test)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Places);
        if (kinship.Of(recipe, train, test) != family)
        {
            throw new ArgumentException("The run's step is another computation, or takes another number of samples, than the fleet was made for.", nameof(recipe));
        }

        device.Do(() =>
        {
            members[place] = null;
            var member = new FleetMember(recipe, state, train, test, new CudaExecutable(step, place));
            Array.ForEach(Evaluators, evaluator => evaluator.Enter(place, member));
            members[place] = member;
        });
    }

    /// <inheritdoc/>
    public void Leave(int place) => members[place] = null;

    /// <inheritdoc/>
    public long StepOf(int place) => Member(place).Step;

    /// <inheritdoc/>
    public TrainState StateOf(int place) => device.Do(() => Member(place).State);

    /// <inheritdoc/>
    public void Advance(IReadOnlyList<int> places, long steps)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var moving = Members(places);
        device.Do(() =>
        {
            for (; steps > 0 && places.Count > 0; steps--)
            {
                int[] behind = [.. places.Where(place => !Member(place).IsAhead)];
                if (behind.Length > 0)
                {
                    Prepare(behind);
                    step.RunUpdates();
                }

                step.SetActive(places);
                step.Commit();
                moving.ForEach(member => member.Moved());
            }
        });
    }

    /// <inheritdoc/>
    public ImmutableArray<Evaluation> Evaluate(IReadOnlyList<int> places, bool gradients)
    {
        ArgumentNullException.ThrowIfNull(places);
        var asked = Members(places);
        return device.Do(() =>
        {
            var tested = onTest.Run(places, members, step);
            var trained = step;
            if (!StepEvaluates)
            {
                trained = (gradients ? onTrainWithGradients : onTrain).Run(places, members, step);
            }
            else
            {
                Prepare(places);
                step.Run();
                asked.ForEach(member => member.IsAhead = true);
            }

            return places.Select((place, i) => new Evaluation(
                trained.Number(place, "loss"),
                trained.Number(place, "correct") / asked[i].Train.Count,
                tested.Number(place, "loss"),
                tested.Number(place, "correct") / asked[i].Test.Count,
                gradients ? [.. shape.Network.Parameters.Select(weight => trained.Number(place, $"gradient_norm/{weight.Name}"))] : [])).ToImmutableArray();
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(Evaluators, evaluator => evaluator.Dispose());
        step.Dispose();
    }

    /// <summary>Why so many runs of a kind cannot be had, in a sentence.</summary>
    internal static string NoRoom(Device device, Recipe recipe, Samples train, Samples test, int places) => FormattableString.Invariant(
        $"The memory of {device.Name} does not suffice: {places} of these runs take {places * BytesPerPlace(recipe, train, test) / 1e6:F0} MB, and {device.FreeBytes / 1e6:F0} MB are free.");

    private FleetEvaluator[] Evaluators => [onTrain, onTrainWithGradients, onTest];

    private static Computation Step(Recipe recipe, Samples train, Samples test) => Tracing.Step(recipe, train.Operands.Length, train.Modulus, recipe.BatchSizeOn(train, test));

    private static Computation Evaluation(Recipe recipe, Samples samples, bool gradients) =>
        Tracing.Evaluation(recipe, samples.Operands.Length, samples.Modulus, samples.Count, gradients);

    private static long BytesPerPlace(Recipe recipe, Samples train, Samples test)
    {
        var evaluations = recipe.BatchSize is null && !recipe.Network.DiffersInTraining
            ? new[] { Evaluation(recipe, test, gradients: false) }
            : [Evaluation(recipe, test, gradients: false), Evaluation(recipe, train, gradients: false), Evaluation(recipe, train, gradients: true)];
        return evaluations.Prepend(Step(recipe, train, test)).Sum(computation => ProgramMemory.BytesPerPlace(CudaProgram.PlanOf(computation)));
    }

    private void Prepare(IReadOnlyList<int> places)
    {
        step.SetActive(places);
        foreach (var place in places)
        {
            Member(place).Prepare();
        }
    }

    private FleetMember Member(int place) => members[place] ?? throw new InvalidOperationException($"Place {place} of the fleet is empty.");

    private List<FleetMember> Members(IReadOnlyList<int> places) => [.. places.Select(Member)];
}
