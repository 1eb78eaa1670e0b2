using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Expressions)])]
public sealed class DataSetTests
{
    [Property]
    public void Sample_number_pn_plus_m_has_the_operands_n_and_m(AnyModulus p)
    {
        DataSet data = Samples("x + y", p);
        Assert.Equal(p * p, data.Count);
        Assert.All(Enumerable.Range(0, data.Count), i => Assert.Equal((i / p, i % p), (data.Operands[0][i], data.Operands[1][i])));
        Assert.All(Enumerable.Range(0, data.Count), i => Assert.Equal(((i / p) + (i % p)) % p, data.Labels[i]));
    }

    [Property]
    public void Samples_of_any_number_of_operands_come_once_and_in_lexicographic_order(TinyModulus p, byte more)
    {
        int operands = 1 + (more % 4);
        int modulus = Math.Min(p, 12);
        DataSet data = DataSet.Of(ArithmeticTask.Parse("x", new Modulus(modulus)).Bind(task => task.WithOperands(operands)).OrThrow()).OrThrow();
        Assert.Equal((int)Math.Pow(modulus, operands), data.Count);
        Assert.Equal(operands, data.Operands.Length);
        for (int i = 1; i < data.Count; i++)
        {
            int change = Enumerable.Range(0, operands).First(k => data.Operands[k][i] != data.Operands[k][i - 1]);
            Assert.True(data.Operands[change][i] > data.Operands[change][i - 1]);
        }
    }

    [Property]
    public void The_domain_is_where_the_table_is_defined(AnyExpression any, TinyPrime p)
    {
        if (ArithmeticTask.Define(any.Value, new Modulus(p)) is Result<ArithmeticTask>.Success { Value: var task })
        {
            int[] labels = [.. task.Tabulate().Values.Where(value => value != TaskTable.Undefined)];
            Result<DataSet> samples = DataSet.Of(task);
            Assert.Equal(labels.Length > 0, samples.Succeeded);
            Assert.Equal(labels, samples.Match(data => data.Labels, _ => []));
        }
    }

    [Fact]
    public void A_task_that_is_defined_nowhere_is_refused_in_a_sentence() =>
        Assert.Equal("The task 'x / (y - y) mod 7' has no samples: it is defined nowhere.",
            Assert.IsType<Result<DataSet>.Failure>(DataSet.Of(ArithmeticTask.Parse("x / (y - y)", new Modulus(7)).OrThrow())).Reason);

    [Theory]
    [InlineData("x + y", 97, 9409)]
    [InlineData("x / y", 97, 9312)]
    [InlineData("x / (1 / y)", 41, 1640)]
    [InlineData("x1 + x2 + x3", 41, 68921)]
    [InlineData("x + y", 113, 12769)]
    public void The_papers_tasks_have_the_papers_sizes(string text, int modulus, int count) =>
        Assert.Equal(count, Samples(text, modulus).Count);

    [Fact]
    public void A_sample_describes_itself() => Assert.Equal("(3, 5) -> 1", Samples("x + y", 7).Describe((3 * 7) + 5));

    private static DataSet Samples(string text, int modulus) =>
        DataSet.Of(ArithmeticTask.Parse(text, new Modulus(modulus)).OrThrow()).OrThrow();
}
