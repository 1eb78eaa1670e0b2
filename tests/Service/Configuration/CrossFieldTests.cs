using System.Collections.Immutable;
using Grokking.Host.Configuration;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Service.Configuration;

/// <summary>Settings that do not fit together, for networks that the Model does not have.</summary>
public class CrossFieldTests
{
    [Theory]
    [InlineData("x + y", true)]
    [InlineData("x1 + x2 + x3", false)]
    public void A_network_of_two_operands_is_refused_for_tasks_of_others(string operation, bool fits)
    {
        Experiment experiment = ConfigurationText.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "experiments", "gromov", "quick.json"))).Experiment!;

        string[] sentences =
        [
            .. CrossFieldRules.Check(experiment with { Task = new(operation, 5, 0), Network = new Pairwise(5, 1, 4), Measures = [] }).Select(error => error.Sentence),
        ];

        Assert.Equal(fits ? [] : ["network.kind is 'pairwise' for a task of 3 operands; it takes exactly 2 operands."], sentences);
    }

    [Fact]
    public void Measures_that_a_network_has_not_are_refused_with_those_that_it_has()
    {
        Experiment experiment = ConfigurationText.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "experiments", "gromov", "quick.json"))).Experiment!;

        string sentence = Assert.Single(CrossFieldRules.Check(experiment with { Network = new Pairwise(23, 2, 4), Measures = ["norms", "phases"] })).Sentence;

        Assert.StartsWith("measures names 'phases' for the network 'pairwise' and a task of 2 operands; it is defined for the quadratic network with two operands;", sentence, StringComparison.Ordinal);
        Assert.Contains("norms", sentence, StringComparison.Ordinal);
    }

    [Kind("pairwise", "for this test")]
    public sealed record Pairwise(int Modulus, int Operands, [property: Setting("N", From = 1)] int Width) : INetwork
    {
        public int? RequiredOperands => 2;

        public ImmutableArray<ParameterSpecification> Parameters => [new("table", Shape.Of(Modulus, Width), 1)];

        public T Logits<T>(Parameters<T> weights, Batch batch)
            where T : ITensor<T> => throw new NotSupportedException();
    }
}
