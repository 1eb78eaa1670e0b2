using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>What is measured at each evaluation, and the columns it is written to.</summary>
internal sealed class Measurement : IDisposable
{
    private static readonly ImmutableArray<string> Always = ["train_loss", "train_accuracy", "test_loss", "test_accuracy", "learning_rate"];

    private readonly Recipe recipe;
    private readonly ImmutableArray<string> tensors;
    private readonly IReadOnlyList<ScalarMeasure> measures;
    private readonly ImmutableArray<IExplainer> explainers;

    /// <summary>What an experiment asks for.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="recipe">How it is learnt.</param>
    /// <param name="split">The samples.</param>
    /// <param name="threads">Threads that explanations may use.</param>
    public Measurement(Experiment experiment, Recipe recipe, DataSplit split, int threads)
    {
        this.recipe = recipe;
        tensors = [.. recipe.Network.Parameters.Select(parameter => parameter.Name)];
        measures = ScalarMeasures.For(ExperimentData.Trained(recipe), experiment.Measures);
        explainers = Prepared(experiment, recipe, split, threads);
        WithNorms = experiment.Measures.Contains(MeasureNames.Norms);
        Columns =
        [
            .. Always.Select(name => Column(name, optional: false)),
            .. WithNorms ? tensors.Select(tensor => Column($"weight_norm_{tensor}", optional: true)) : [],
            .. WithNorms ? tensors.Select(tensor => Column($"gradient_norm_{tensor}", optional: true)) : [],
            .. measures.Select(measure => Column(measure.Name, optional: true)),
            .. explainers.SelectMany(explainer => explainer.Columns).Select(name => Column(name, optional: true)),
        ];
    }

    /// <summary>Whether gradients are asked for.</summary>
    public bool WithNorms { get; }

    /// <summary>The measured columns, after those that say which run, which step and when.</summary>
    public ImmutableArray<ParquetColumn> Columns { get; }

    /// <summary>The values of the columns at the machine's present state, which is copied only where a measure looks at the weights.</summary>
    public ImmutableArray<double?> Of(IStepMachine machine, Evaluation evaluation)
    {
        TrainState? state = WithNorms || measures.Count + explainers.Length > 0 ? machine.State : null;
        Specimen? weights = state is null ? null : SpecimenOf(ExperimentData.Trained(recipe), state);
        Specimen? whole = state is null ? null : SpecimenOf(recipe.Network, state);
        return
        [
            evaluation.TrainLoss,
            evaluation.TrainAccuracy,
            evaluation.TestLoss,
            evaluation.TestAccuracy,
            recipe.Optimiser.LearningRate * recipe.Schedule.FactorAt(machine.Step),
            .. WithNorms ? weights!.SumsOfSquares.Select(sum => (double?)Math.Sqrt(sum)) : [],
            .. WithNorms ? evaluation.GradientNorms.Select(norm => (double?)norm) : [],
            .. weights is null ? [] : measures.Select(measure => (double?)measure.Of(weights)),
            .. whole is null ? [] : explainers.SelectMany(explainer => explainer.Of(whole)).Select(value => (double?)value),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IExplainer explainer in explainers)
            explainer.Dispose();
    }

    private static ImmutableArray<IExplainer> Prepared(Experiment experiment, Recipe recipe, DataSplit split, int threads)
    {
        IReadOnlyList<Explanation> explanations = Explanations.For(ExperimentData.Trained(recipe), split.Data.Task, experiment.Measures);
        if (explanations.Count == 0)
            return [];
        RandomKey key = ExperimentData.Key(experiment);
        var setup = new Setup(SpecimenOf(recipe.Network, InitialState.Of(recipe, experiment.Precision, key)), split, recipe.Loss, key, threads);
        return [.. explanations.Select(explanation => explanation.Prepare(setup))];
    }

    // Scalar measures are about the weights, explanations about the function that is trained with them.
    private static Specimen SpecimenOf(INetwork network, TrainState state) => new(network, state.Weights) { Statistics = state.Statistics };

    private static ParquetColumn Column(string name, bool optional) => ParquetColumn.Of(name, ParquetType.Double, optional);
}
