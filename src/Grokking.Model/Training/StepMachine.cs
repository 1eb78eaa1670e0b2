using System.Collections.Immutable;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>
/// A recipe compiled for a data set, with one state in its memory that moves on in place: what a training loop holds. The same bits for
/// any number of threads; advancing and evaluating allocate nothing but the evaluation itself. For one caller at a time.
/// </summary>
/// <remarks><see cref="Trainer"/> is the same as pure functions of states.</remarks>
public sealed class StepMachine : IStepMachine
{
    private readonly Recipe recipe;
    private readonly int trainCount;
    private readonly IDisposable? owned;

    /// <summary>The training step on a full batch, and on the short one that ends an epoch, where there is such; the first is compiled at once.</summary>
    private readonly (Executable Full, Lazy<Executable>? Short) steps;

    private readonly SampleFeed? batches;
    private readonly Evaluators evaluators;
    private readonly StepNumbers numbers;
    private readonly double[] coefficients;

    /// <summary>The present state as somebody gave or saw it; null while nobody has.</summary>
    private TrainState? seen;

    /// <summary>The last state that was loaded; what does not change in a run (names, key) is taken from it.</summary>
    private TrainState? loaded;

    private DataOrder? order;

    /// <summary>The names of all that a state consists of.</summary>
    private ImmutableArray<string> variables = [];

    /// <summary>What the draws of all steps come from.</summary>
    private RandomKey draws;

    /// <summary>The program that holds the present state.</summary>
    private Executable step;

    /// <summary>The next update is computed already: an evaluation needed it. See <see cref="Evaluate"/>.</summary>
    private bool ahead;

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
        trainCount = train.Count;
        (var compiler, owned) = start();
        numbers = new(recipe);
        coefficients = new double[numbers.Names.Length];
        Executable Compile(int samples) => compiler(Tracing.Step(recipe, train.Operands.Length, train.Modulus, samples));
        var left = train.Count % batchSize;
        steps = (Compile(batchSize), recipe.EndsEpochs && left > 0 ? new(() => Compile(left)) : null);
        step = steps.Full;
        evaluators = new(recipe, train, test, compiler);
        if (recipe.BatchSize is null)
        {
            SampleFeed.WriteAll(step, train);
        }
        else
        {
            batches = new(train, batchSize);
        }
    }

    /// <summary>What the bits of a result depend on, besides the recipe and the data: precision, kernel, tiles and shards.</summary>
    public string NumericsProfile => step.Profile;

    /// <summary>Updates taken up to the present state.</summary>
    public long Step { get; private set; }

    /// <summary>A copy of the present state, made when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    public TrainState State => seen ??= Loaded with
    {
        Step = Step,
        Weights = Copy(Loaded.Weights, name => name),
        Slots = [.. recipe.Slots.Select(slot => Copy(Loaded.Weights, name => Tracing.SlotVariable(slot.Name, name)))],
        Statistics = Copy(Loaded.Statistics, name => name),
    };

    private TrainState Loaded => loaded ?? throw new InvalidOperationException("No state was loaded yet.");

    /// <summary>Goes on from a state.</summary>
    public void Load(TrainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (ReferenceEquals(seen, state))
        {
            return;
        }

        // Until all is loaded there is no state, should a tensor not fit.
        (seen, loaded) = (null, null);
        var followed = state.Weights.And(state.Statistics);
        variables = [.. followed.Names, .. recipe.Slots.SelectMany(slot => state.Weights.Names.Select(name => Tracing.SlotVariable(slot.Name, name)))];
        foreach (var (name, weight) in followed.Names.Zip(followed.Values))
        {
            step.SetVariable(name, weight);
        }

        foreach (var (slot, memory) in recipe.Slots.Zip(state.Slots))
        {
            foreach (var (name, value) in memory.Names.Zip(memory.Values))
            {
                step.SetVariable(Tracing.SlotVariable(slot.Name, name), value);
            }
        }

        order = recipe.OrderOf(state.Key, trainCount);
        draws = Recipe.DrawsOf(state.Key);
        (seen, loaded, ahead, Step) = (state, state, false, state.Step);
    }

    /// <summary>Takes so many steps.</summary>
    /// <param name="steps">At least 0.</param>
    /// <exception cref="InvalidOperationException">No state was loaded yet.</exception>
    public void Advance(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        _ = Loaded;
        for (var end = checked(Step + steps); Step < end; Step++)
        {
            if (!ahead)
            {
                Prepare();
                step.RunUpdates();
            }

            step.Commit();
            (seen, ahead) = (null, false);
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
        if (batches is not null || recipe.Network.DiffersInTraining)
        {
            return evaluators.Both(Loaded.Weights.Names, step, gradients);
        }

        if (!ahead)
        {
            evaluators.RunTest(Loaded.Weights.Names, step);
            Prepare();
            step.Run();
            ahead = true;
        }

        return evaluators.Of(Loaded.Weights.Names, step, gradients);
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

    /// <summary>Gives the next step its numbers and its batch. Allocates nothing (but for the order of a new epoch).</summary>
    private void Prepare()
    {
        MoveTo(steps.Short is { } last && order!.SizeAt(Step) < recipe.BatchSize ? last.Value : steps.Full);
        numbers.Write(Step, coefficients);
        for (var i = 0; i < coefficients.Length; i++)
        {
            step.Offer(numbers.Names[i], coefficients[i]);
        }

        if (step.Draws.Contains(Tracing.StepDraws))
        {
            step.SetKey(Tracing.StepDraws, draws.Split((ulong)Step));
        }

        if (order is not null)
        {
            batches?.WriteBatch(step, order, Step);
        }
    }

    /// <summary>Goes on in another program, with the same bits.</summary>
    private void MoveTo(Executable program)
    {
        if (ReferenceEquals(program, step))
        {
            return;
        }

        program.TakeOver(variables, step);
        step = program;
    }

    private Parameters<Dense> Copy(Parameters<Dense> named, Func<string, string> variable) => named.With<Dense>(
        [.. named.Names.Select(name => step.Variable(variable(name)))]);
}
