using System.Collections.Immutable;
using Grokking.Host.Configuration;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;
using Grokking.Training;

namespace Grokking.Host.Training;

/// <summary>What is measured at each evaluation, and the columns it is written to.</summary>
internal sealed class Measurement
{
    private static readonly ImmutableArray<string> Always = ["train_loss", "train_accuracy", "test_loss", "test_accuracy", "learning_rate"];

    private readonly Recipe recipe;
    private readonly ImmutableArray<string> tensors;
    private readonly IReadOnlyList<ScalarMeasure> measures;

    /// <summary>What an experiment asks for.</summary>
    public Measurement(Experiment experiment, Recipe recipe)
    {
        this.recipe = recipe;
        tensors = [.. recipe.Network.Parameters.Select(parameter => parameter.Name)];
        measures = ScalarMeasures.For(recipe.Network, experiment.Measures);
        WithNorms = experiment.Measures.Contains(MeasureNames.Norms);
        Columns =
        [
            .. Always.Select(name => Column(name, optional: false)),
            .. WithNorms ? tensors.Select(tensor => Column($"weight_norm_{tensor}", optional: true)) : [],
            .. WithNorms ? tensors.Select(tensor => Column($"gradient_norm_{tensor}", optional: true)) : [],
            .. measures.Select(measure => Column(measure.Name, optional: true)),
        ];
    }

    /// <summary>Whether gradients are asked for.</summary>
    public bool WithNorms { get; }

    /// <summary>The measured columns, after those that say which run, which step and when.</summary>
    public ImmutableArray<ParquetColumn> Columns { get; }

    /// <summary>The values of the columns at the machine's present state, which is copied only where a measure looks at the weights.</summary>
    public ImmutableArray<double?> Of(IStepMachine machine, Evaluation evaluation)
    {
        Specimen? specimen = measures.Count > 0 ? new(recipe.Network, machine.State.Weights) : null;
        return
        [
            evaluation.TrainLoss,
            evaluation.TrainAccuracy,
            evaluation.TestLoss,
            evaluation.TestAccuracy,
            recipe.Optimiser.LearningRate * recipe.Schedule.FactorAt(machine.Step),
            .. WithNorms ? machine.State.Weights.Values.Select(tensor => (double?)Norms.Frobenius(tensor)) : [],
            .. WithNorms ? evaluation.GradientNorms.Select(norm => (double?)norm) : [],
            .. specimen is null ? [] : measures.Select(measure => (double?)measure.Of(specimen)),
        ];
    }

    private static ParquetColumn Column(string name, bool optional) => ParquetColumn.Of(name, ParquetType.Double, optional);
}
