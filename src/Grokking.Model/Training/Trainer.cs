using System.Collections.Immutable;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>
/// A recipe compiled for a data set. To callers <see cref="Run"/> and <see cref="Evaluate"/> are pure functions of immutable states, the
/// same bits for any number of threads; the memory they work in is reused and seen by nobody. For one caller at a time.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly Recipe recipe;
    private readonly Samples train;
    private readonly Samples test;
    private readonly Precision precision;
    private readonly Workers workers;
    private readonly Executable step;
    private readonly int batchSize;
    private readonly ImmutableArray<string> coefficientNames;
    private readonly double[] coefficients;
    private readonly int[] chosen;
    private readonly int[] values;
    private readonly Lazy<Executable> trainEvaluator;
    private readonly Lazy<Executable> trainDifferentiator;
    private readonly Lazy<Executable> testEvaluator;

    /// <summary>The state whose values the step's memory holds.</summary>
    private TrainState? held;

    /// <summary>
    /// The state that was evaluated by taking the step after it: the memory holds what comes next, and what the step saw on its way.
    /// </summary>
    private TrainState? passed;

    /// <summary>Compiles the training step.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; not empty.</param>
    /// <param name="test">The test set; not empty.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    public Trainer(Recipe recipe, Samples train, Samples test, Precision precision, int threads)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.Count == 0 || test.Count == 0)
        {
            throw new ArgumentException($"Training and test set must not be empty; they have {train.Count} and {test.Count} samples.");
        }

        batchSize = recipe.BatchSize ?? train.Count;
        if (batchSize < 1 || batchSize > train.Count)
        {
            throw new ArgumentException($"A batch of {batchSize} samples cannot be taken from {train.Count}.");
        }

        this.recipe = recipe;
        this.train = train;
        this.test = test;
        this.precision = precision;
        workers = new(threads);
        coefficientNames = recipe.Optimiser.CoefficientNames;
        coefficients = new double[coefficientNames.Length];
        chosen = new int[batchSize];
        values = new int[batchSize];
        step = Compile(Tracing.Step(recipe, train.Operands.Length, train.Modulus, batchSize));
        if (IsFullBatch)
        {
            SetSamples(step, train);
        }

        trainEvaluator = new(() => Evaluator(train, gradients: false));
        trainDifferentiator = new(() => Evaluator(train, gradients: true));
        testEvaluator = new(() => Evaluator(test, gradients: false));
    }

    /// <summary>What the bits of a result depend on, besides the recipe and the data: precision, kernel, tiles and shards.</summary>
    public string NumericsProfile => precision == Precision.Single ? ((CpuProgram<float>)step).Profile : ((CpuProgram<double>)step).Profile;

    private bool IsFullBatch => recipe.BatchSize is null;

    /// <summary>The state before the first update: normal weights of the network's deviations, an optimiser that remembers nothing.</summary>
    public TrainState Start(RandomKey key)
    {
        var init = key.Split(RandomPurpose.Init);
        var parameters = recipe.Network.Parameters;
        ImmutableArray<string> names = [.. parameters.Select(parameter => parameter.Name)];
        var weights = new Parameters<Dense>(names, [.. parameters.Select((parameter, i) => Normal(parameter, init.Split((ulong)i)))]);
        return new(0, weights, [.. recipe.Optimiser.SlotNames.Select(_ => weights.Map(weight => Tensor.Fill<Dense>(weight.Shape, 0)))], key);
    }

    /// <summary>The state so many steps later. Run(a + b) is Run(b) after Run(a), bit for bit.</summary>
    public TrainState Run(TrainState state, long steps)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (steps == 0)
        {
            return state;
        }

        var order = IsFullBatch ? null : new DataOrder(state.Key, train.Count, batchSize);
        var at = state.Step;
        if (ReferenceEquals(passed, state))
        {
            at++;
        }
        else
        {
            Load(state);
        }

        (passed, held) = (null, null);
        for (; at < state.Step + steps; at++)
        {
            Advance(at, order);
        }

        held = Unload(state, state.Step + steps);
        return held;
    }

    /// <summary>How the weights of a state do, and on request how large the training loss's gradient is there.</summary>
    /// <remarks>
    /// With the whole training set as the batch, training loss, accuracy and gradient are by-products of the step that follows; it is taken
    /// at once and kept for <see cref="Run"/>, so that they cost nothing.
    /// </remarks>
    public Evaluation Evaluate(TrainState state, bool gradients)
    {
        ArgumentNullException.ThrowIfNull(state);
        var onTrain = IsFullBatch ? Passed(state) : Evaluated(gradients ? trainDifferentiator.Value : trainEvaluator.Value, state);
        var onTest = IsFullBatch ? testEvaluator.Value : Evaluated(testEvaluator.Value, state);
        ImmutableArray<double> norms = gradients
            ? [.. state.Weights.Names.Select(name => onTrain.Output($"gradient_norm/{name}").Scalar)]
            : [];
        return new(
            onTrain.Output("loss").Scalar,
            onTrain.Output("correct").Scalar / train.Count,
            onTest.Output("loss").Scalar,
            onTest.Output("correct").Scalar / test.Count,
            norms);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        step.Dispose();
        foreach (var evaluator in new[] { trainEvaluator, trainDifferentiator, testEvaluator }.Where(evaluator => evaluator.IsValueCreated))
        {
            evaluator.Value.Dispose();
        }

        workers.Dispose();
    }

    /// <summary>One step in place. Allocates nothing (but for the order of a new epoch).</summary>
    private void Advance(long at, DataOrder? order)
    {
        recipe.Optimiser.WriteCoefficients(at, recipe.Optimiser.LearningRate * recipe.Schedule.FactorAt(at), coefficients);
        for (var i = 0; i < coefficients.Length; i++)
        {
            step.SetNumber(coefficientNames[i], coefficients[i]);
        }

        if (order is not null)
        {
            order.Write(at, chosen);
            SetSamples(step, train, chosen, values);
        }

        step.Run();
    }

    private void Load(TrainState state)
    {
        if (ReferenceEquals(held, state))
        {
            return;
        }

        (passed, held) = (null, null);
        foreach (var (name, weight) in state.Weights.Names.Zip(state.Weights.Values))
        {
            step.SetVariable(name, weight);
        }

        foreach (var (slot, memory) in recipe.Optimiser.SlotNames.Zip(state.Slots))
        {
            foreach (var (name, value) in memory.Names.Zip(memory.Values))
            {
                step.SetVariable(Tracing.SlotVariable(slot, name), value);
            }
        }
    }

    private TrainState Unload(TrainState before, long at) => before with
    {
        Step = at,
        Weights = before.Weights.With<Dense>([.. before.Weights.Names.Select(step.Variable)]),
        Slots = [.. recipe.Optimiser.SlotNames.Select(slot => before.Weights.With<Dense>([.. before.Weights.Names.Select(name => step.Variable(Tracing.SlotVariable(slot, name)))]))],
    };

    /// <summary>The step's program after the step that follows a state, and the test set evaluated before it.</summary>
    private Executable Passed(TrainState state)
    {
        if (!ReferenceEquals(passed, state))
        {
            Load(state);
            foreach (var name in state.Weights.Names)
            {
                testEvaluator.Value.CopyVariable(name, step);
            }

            testEvaluator.Value.Run();
            (passed, held) = (null, null);
            Advance(state.Step, null);
            passed = state;
        }

        return step;
    }

    private static Executable Evaluated(Executable program, TrainState state)
    {
        foreach (var (name, weight) in state.Weights.Names.Zip(state.Weights.Values))
        {
            program.SetVariable(name, weight);
        }

        program.Run();
        return program;
    }

    private Executable Evaluator(Samples samples, bool gradients)
    {
        var program = Compile(Tracing.Evaluation(recipe, samples.Operands.Length, samples.Modulus, samples.Count, gradients));
        SetSamples(program, samples);
        return program;
    }

    private static void SetSamples(Executable program, Samples samples)
    {
        for (var k = 0; k < samples.Operands.Length; k++)
        {
            program.SetIndices($"x{k + 1}", samples.Operands[k].AsSpan());
        }

        program.SetIndices("label", samples.Labels.AsSpan());
    }

    private static void SetSamples(Executable program, Samples samples, int[] chosen, int[] values)
    {
        for (var k = 0; k < samples.Operands.Length; k++)
        {
            Pick(samples.Operands[k], chosen, values);
            program.SetIndices(OperandNames[k], values);
        }

        Pick(samples.Labels, chosen, values);
        program.SetIndices("label", values);
    }

    private static void Pick(ImmutableArray<int> from, int[] chosen, int[] values)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            values[i] = from[chosen[i]];
        }
    }

    private static ImmutableArray<string> OperandNames { get; } = [.. Enumerable.Range(1, 64).Select(k => $"x{k}")];

    private Executable Compile(Computation computation) => precision == Precision.Single
        ? new CpuProgram<float>(Planner.Plan(computation), workers)
        : new CpuProgram<double>(Planner.Plan(computation), workers);

    private Dense Normal(ParameterSpecification parameter, RandomKey key)
    {
        var draws = new double[parameter.Shape.Count];
        key.FillNormal(draws, 0);
        for (var i = 0; i < draws.Length; i++)
        {
            draws[i] *= parameter.InitialDeviation;
            draws[i] = precision == Precision.Single ? (float)draws[i] : draws[i];
        }

        return Dense.Own(parameter.Shape, draws);
    }
}
