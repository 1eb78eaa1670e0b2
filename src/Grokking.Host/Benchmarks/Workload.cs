using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>Something that is trained to see how fast, from seed 0.</summary>
/// <param name="Name">How it is called on the command line and in tables.</param>
/// <param name="Operation">The formula that is learnt, such as <c>x + y</c>.</param>
/// <param name="Modulus">p.</param>
/// <param name="Recipe">Network, loss, optimiser, schedule and batch size.</param>
internal sealed record Workload(string Name, string Operation, int Modulus, Recipe Recipe)
{
    /// <summary>Samples of each side on which implementations are compared, at most.</summary>
    public const int MostJudged = 5000;

    /// <summary>α.</summary>
    public required double TrainFraction { get; init; }

    /// <summary>Whether test loss, test accuracy and train accuracy are computed after each step.</summary>
    public bool Evaluates { get; init; }

    /// <summary>What is computed, in words.</summary>
    public string Description => string.Join(
        ", ",
        [
            $"{Kinds<INetwork>.NameOf(Recipe.Network)}, {Operation} mod {Modulus}",
            Recipe.BatchSize is { } size ? $"batches of {size}" : "full batch",
            Recipe.Optimiser is AdamW ? "AdamW" : "gradient descent",
            .. Evaluates ? ["evaluation each step"] : Array.Empty<string>(),
        ]);

    /// <summary>What all randomness comes from.</summary>
    public static RandomKey Key => RandomKey.FromSeed(0);

    /// <summary>The samples.</summary>
    public DataSplit Split() => Split(Key);

    /// <summary>The samples of another run.</summary>
    /// <param name="key">What all its randomness comes from.</param>
    public DataSplit Split(RandomKey key) => ArithmeticTask.Parse(Operation, new Modulus(Modulus))
        .Bind(DataSet.Of)
        .Bind(data => DataSplit.Of(data, TrainFraction, key.Split(RandomPurpose.Split)))
        .OrThrow();

    /// <summary>The samples of one side on which implementations are compared: the first of them, for comparing must not take longer than training.</summary>
    /// <param name="side">All samples of the side.</param>
    public static Samples Judged(Samples side) => side.Count <= MostJudged
        ? side
        : side with { Operands = [.. side.Operands.Select(operand => operand[..MostJudged])], Labels = side.Labels[..MostJudged] };

    /// <summary>The same with another modulus and with a network of another width.</summary>
    /// <param name="modulus">p.</param>
    /// <param name="width">The network's width.</param>
    public Workload Resized(int modulus, int width) => this with
    {
        Modulus = modulus,
        Recipe = Recipe with { Network = Kinds<INetwork>.With(Recipe.Network, (nameof(Modulus), modulus), (nameof(QuadraticNetwork.Width), width)) },
    };

    /// <summary>See <see cref="Operations.OfStep"/>.</summary>
    /// <param name="train">Training samples.</param>
    /// <param name="test">Test samples.</param>
    public double OperationsPerStep(int train, int test)
    {
        double step = Operations.OfStep(Recipe.Network, Recipe.BatchSize ?? train);
        return Evaluates ? step + Operations.OfLogits(Recipe.Network, test) : step;
    }
}
