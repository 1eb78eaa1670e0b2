using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>A reading of the algebra in which training can be carried out as it is written, step by step.</summary>
/// <typeparam name="T">The reading.</typeparam>
/// <param name="NumericsProfile">What the bits of its results depend on.</param>
/// <param name="FromNumbers">Numbers as a value of the reading.</param>
/// <param name="ToNumbers">A value of the reading as numbers.</param>
/// <param name="Differentiate">How it differentiates.</param>
public sealed record EagerReading<T>(string NumericsProfile, Func<Dense, T> FromNumbers, Func<T, Dense> ToNumbers, ValueAndGradient<T> Differentiate)
    where T : ITensor<T>;

/// <summary>
/// The training step as written, carried out anew each time in some reading of the algebra; nothing is traced or compiled. A step that
/// the reading computes twice from the same state must have the same bits for a run to resume exactly.
/// </summary>
/// <remarks>Sums are those of the reading: in float32 losses are summed in float32, which <see cref="StepMachine"/> does in float64.</remarks>
/// <typeparam name="T">The reading.</typeparam>
public sealed class EagerMachine<T> : IStepMachine
    where T : ITensor<T>
{
    private readonly Recipe recipe;
    private readonly Samples train;
    private readonly Samples test;
    private readonly EagerReading<T> reading;
    private readonly Batch whole;

    private TrainState? seen;
    private TrainState? loaded;
    private Parameters<T>? weights;
    private ImmutableArray<Parameters<T>> slots = [];
    private Parameters<T> statistics = new([], []);
    private DataOrder? order;

    /// <summary>Makes a recipe ready.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; not empty.</param>
    /// <param name="test">The test set; not empty.</param>
    /// <param name="reading">The reading that carries it out.</param>
    /// <exception cref="ArgumentException">A set is empty, or the batch is larger than the training set.</exception>
    public EagerMachine(Recipe recipe, Samples train, Samples test, EagerReading<T> reading)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(reading);
        recipe.BatchSizeOn(train, test);
        (this.recipe, this.train, this.test, this.reading) = (recipe, train, test, reading);
        whole = train.ToBatch();
    }

    /// <inheritdoc/>
    public string NumericsProfile => reading.NumericsProfile;

    /// <inheritdoc/>
    public long Step { get; private set; }

    /// <inheritdoc/>
    public TrainState State => seen ??= Loaded with
    {
        Step = Step,
        Weights = Weights.Map(reading.ToNumbers),
        Slots = [.. slots.Select(slot => slot.Map(reading.ToNumbers))],
        Statistics = statistics.Map(reading.ToNumbers),
    };

    private TrainState Loaded => loaded ?? throw new InvalidOperationException("No state was loaded yet.");

    private Parameters<T> Weights => weights ?? throw new InvalidOperationException("No state was loaded yet.");

    /// <inheritdoc/>
    public void Load(TrainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        weights = state.Weights.Map(reading.FromNumbers);
        slots = [.. state.Slots.Select(slot => slot.Map(reading.FromNumbers))];
        statistics = state.Statistics.Map(reading.FromNumbers);
        order = recipe.OrderOf(state.Key, train.Count);
        (seen, loaded, Step) = (state, state, state.Step);
    }

    /// <inheritdoc/>
    public void Advance(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        for (var end = checked(Step + steps); Step < end; Step++)
        {
            var draws = Draws.Of(Recipe.DrawsOf(Loaded.Key).Split((ulong)Step));
            var next = TrainStep.Next(recipe, reading.Differentiate, Weights, slots, statistics, recipe.CoefficientsAt<T>(Step), BatchOf(Step), draws);
            (weights, slots, statistics, seen) = (next.Weights, next.Slots, next.Statistics, null);
        }
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(bool gradients)
    {
        var (trainLoss, trainAccuracy) = On(whole);
        var (testLoss, testAccuracy) = On(test.ToBatch());
        return new(trainLoss, trainAccuracy, testLoss, testAccuracy, gradients ? GradientNorms() : []);
    }

    /// <summary>Nothing of its own to give back.</summary>
    public void Dispose()
    {
    }

    private (double Loss, double Accuracy) On(Batch batch)
    {
        var logits = recipe.Network.Logits(Weights.And(statistics), batch);
        return (Number(recipe.Loss.Of(logits, batch.Labels)), Number(Tracing.Correct(logits, batch)) / batch.Size);
    }

    private ImmutableArray<double> GradientNorms()
    {
        var (_, gradients) = reading.Differentiate(w => recipe.Loss.Of(recipe.Network.Logits(w.And(statistics), whole), whole.Labels), Weights);
        return [.. gradients.Values.Select(gradient => Number(Tensor.Sqrt(Tensor.Total(gradient * gradient))))];
    }

    private double Number(T scalar) => reading.ToNumbers(scalar).Scalar;

    private Batch BatchOf(long step)
    {
        if (order is null)
        {
            return whole;
        }

        var chosen = new int[order.SizeAt(step)];
        order.Write(step, chosen);
        return train.Choose([.. chosen]).ToBatch();
    }
}
