using System.Collections.Immutable;
using Grokking.Engine;

namespace Grokking.Training;

/// <summary>The programs that evaluate weights on the training and the test set; each is compiled when it is first needed.</summary>
internal sealed class Evaluators : IDisposable
{
    private readonly Samples train;
    private readonly Samples test;
    private readonly ImmutableArray<string> statistics;
    private readonly Lazy<Executable> onTrain;
    private readonly Lazy<Executable> onTrainWithGradients;
    private readonly Lazy<Executable> onTest;

    internal Evaluators(Recipe recipe, Samples train, Samples test, Compiler compiler)
    {
        (this.train, this.test) = (train, test);
        statistics = [.. recipe.Network.Statistics.Select(statistic => statistic.Name)];
        onTrain = new(() => Compile(train, gradients: false));
        onTrainWithGradients = new(() => Compile(train, gradients: true));
        onTest = new(() => Compile(test, gradients: false));

        Executable Compile(Samples samples, bool gradients)
        {
            var program = compiler(Tracing.Evaluation(recipe, samples.Operands.Length, samples.Modulus, samples.Count, gradients));
            SampleFeed.WriteAll(program, samples);
            return program;
        }
    }

    public void Dispose()
    {
        foreach (var program in new[] { onTrain, onTrainWithGradients, onTest }.Where(program => program.IsValueCreated))
        {
            program.Value.Dispose();
        }
    }

    /// <summary>Evaluates the weights that a training step's program holds on both sets.</summary>
    internal Evaluation Both(ImmutableArray<string> weights, Executable step, bool gradients)
    {
        var trained = gradients ? onTrainWithGradients.Value : onTrain.Value;
        Run(trained, weights, step);
        RunTest(weights, step);
        return Of(weights, trained, gradients);
    }

    /// <summary>Evaluates the weights that a training step's program holds on the test set, for <see cref="Of"/>.</summary>
    internal void RunTest(ImmutableArray<string> weights, Executable step) => Run(onTest.Value, weights, step);

    /// <summary>The evaluation by a program that has run on the whole training set and by the test program's last run.</summary>
    internal Evaluation Of(ImmutableArray<string> weights, Executable trained, bool gradients) => new(
        trained.Number("loss"),
        trained.Number("correct") / train.Count,
        onTest.Value.Number("loss"),
        onTest.Value.Number("correct") / test.Count,
        gradients ? Norms(weights, trained) : []);

    private static ImmutableArray<double> Norms(ImmutableArray<string> weights, Executable trained) =>
        [.. weights.Select(name => trained.Number($"gradient_norm/{name}"))];

    private void Run(Executable program, ImmutableArray<string> weights, Executable step)
    {
        Copy(weights, program, step);
        Copy(statistics, program, step);
        program.Run();
    }

    private static void Copy(ImmutableArray<string> names, Executable program, Executable step)
    {
        foreach (var name in names)
        {
            program.Offer(name, step);
        }
    }
}
