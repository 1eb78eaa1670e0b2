using System.Collections.Concurrent;
using System.Text.Json;
using Grokking.Arithmetic;

namespace Grokking.Host.Configuration;

/// <summary>
/// Texts, tasks, samples and divisions that many experiments have in common, read and made once: of ten thousand points of a sweep most differ in other settings. For several threads at once.
/// </summary>
internal sealed class SharedSamples
{
    private readonly ConcurrentDictionary<string, (JsonElement Document, ConfigurationError? Error)> documents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Result<TaskExpression>> formulas = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TaskSettings, Result<ArithmeticTask>> tasks = new();
    private readonly ConcurrentDictionary<TaskSettings, Result<DataSet>> all = new();
    private readonly ConcurrentDictionary<(TaskSettings Task, double Fraction, CorruptionSettings Corruption), Result<int>> trained = new();

    /// <summary>A text as <see cref="StrictJson.Parse"/> reads it.</summary>
    public (JsonElement Document, ConfigurationError? Error) Document(string text) => documents.GetOrAdd(text, StrictJson.Parse);

    /// <summary>The formula of the experiment's task.</summary>
    public Result<TaskExpression> Formula(Experiment experiment) => formulas.GetOrAdd(experiment.Task.Operation, text => TaskParser.Parse(text).ToResult());

    /// <summary>The experiment's task.</summary>
    public Result<ArithmeticTask> Task(Experiment experiment) => tasks.GetOrAdd(experiment.Task, _ => ExperimentData.Task(experiment));

    /// <summary>All samples of the experiment's task.</summary>
    public Result<DataSet> All(Experiment experiment) => all.GetOrAdd(experiment.Task, _ => ExperimentData.All(experiment));

    /// <summary>How many samples are trained on at first; the seed decides which, and not how many.</summary>
    public Result<int> TrainCount(Experiment experiment) => trained.GetOrAdd(
        (experiment.Task, experiment.TrainFraction, experiment.Corruption),
        _ => All(experiment).Bind(data => ExperimentData.Split(experiment, data)).Map(split => split.Train.Length));
}
