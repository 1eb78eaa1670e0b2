using Grokking.Engine;
using Grokking.Engine.Cpu;

namespace Grokking.Training;

/// <summary>
/// A recipe compiled for a data set, with one state in its memory that moves on in place: what a training loop holds. The same bits for
/// any number of threads; advancing and evaluating allocate nothing but the evaluation itself. For one caller at a time.
/// </summary>
/// <remarks><see cref="Trainer"/> is the same as pure functions of states.</remarks>
public sealed class StepMachine : IStepMachine
{
    private readonly Recipe recipe;
    private readonly IDisposable? owned;

    /// <summary>The training step on a full batch, and on the short one that ends an epoch, where there is such; the first is compiled at once.</summary>
    private readonly (Executable Full, Lazy<Executable>? Short) steps;

    private readonly ResidentState resident;
    private readonly Evaluators evaluators;

    /// <summary>The program that holds the present state.</summary>
    private Executable step;

    /// <summary>Compiles the training step.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; not empty.</param>
    /// <param name="test">The test set; not empty.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    public StepMachine(Recipe recipe, Samples train, Samples test, Precision precision, int threads)
        : this(recipe, train, test, () =>
        {
            var workers = new Workers(threads);
            return (computation => Programs.Compile(computation, precision, workers), workers);
        })
    {
    }

    /// <summary>Compiles the training step for a machine.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; not empty.</param>
    /// <param name="test">The test set; not empty.</param>
    /// <param name="start">Gives what makes programs for the machine, and what they run on, which is disposed of after them; asked once, when the sets are known to be good.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    internal StepMachine(Recipe recipe, Samples train, Samples test, Func<(Compiler Compiler, IDisposable? Owned)> start)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var batchSize = recipe.BatchSizeOn(train, test);
        this.recipe = recipe;
        (var compiler, owned) = start();
        Executable Compile(int samples) => compiler(Tracing.Step(recipe, train.Operands.Length, train.Modulus, samples));
        var left = train.Count % batchSize;
        steps = (Compile(batchSize), recipe.EndsEpochs && left > 0 ? new(() => Compile(left)) : null);
        step = steps.Full;
        evaluators = new(recipe, train, test, compiler);
        resident = new(recipe, train);
        if (recipe.BatchSize is null)
        {
            SampleFeed.WriteAll(step, train);
        }
    }

    /// <summary>What the bits of a result depend on, besides the recipe and the data: precision, kernel, tiles and shards.</summary>
    public string NumericsProfile => step.Profile;

    /// <summary>Updates taken up to the present state.</summary>
    public long Step => resident.Step;

    /// <summary>A copy of the present state, made when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    public TrainState State => resident.In(step);

    /// <summary>Goes on from a state.</summary>
    public void Load(TrainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        resident.Load(state, step);
    }

    /// <summary>Takes so many steps.</summary>
    /// <param name="steps">At least 0.</param>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    public void Advance(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        _ = resident.WeightNames;
        for (; steps > 0; steps--)
        {
            if (!resident.IsAhead)
            {
                Prepare();
                step.RunUpdates();
            }

            step.Commit();
            resident.Moved();
        }
    }

    /// <summary>How the present weights do, and on request how large the training loss's gradient is there.</summary>
    /// <remarks>
    /// With the whole training set as the batch, training loss, accuracy and gradient are by-products of the step that follows; it is
    /// computed at once, and <see cref="Advance"/> need only commit it, so that they cost nothing. A network that differs in training is evaluated
    /// as it answers, gradient and all.
    /// </remarks>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    public Evaluation Evaluate(bool gradients)
    {
        var names = resident.WeightNames;
        if (recipe.BatchSize is not null || recipe.Network.DiffersInTraining)
        {
            return evaluators.Both(names, step, gradients);
        }

        if (!resident.IsAhead)
        {
            evaluators.RunTest(names, step);
            Prepare();
            step.Run();
            resident.IsAhead = true;
        }

        return evaluators.Of(names, step, gradients);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        steps.Full.Dispose();
        if (steps.Short is { IsValueCreated: true } last)
        {
            last.Value.Dispose();
        }

        evaluators.Dispose();
        owned?.Dispose();
    }

    /// <summary>Makes the next step ready in the program for a batch of its size, with the same bits.</summary>
    private void Prepare()
    {
        var program = steps.Short is { } last && resident.BatchSize < recipe.BatchSize ? last.Value : steps.Full;
        if (!ReferenceEquals(program, step))
        {
            program.TakeOver(resident.Variables, step);
            step = program;
        }

        resident.Prepare(step);
    }
}
