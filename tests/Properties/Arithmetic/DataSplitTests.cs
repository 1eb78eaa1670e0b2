using FsCheck.Xunit;
using Grokking.Arithmetic;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;

namespace Grokking.Properties.Arithmetic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class DataSplitTests
{
    [Property]
    public void Splits_are_partitions_in_ascending_order(TinyModulus p, ProperFraction alpha, AnyKey key)
    {
        if (Split(p, alpha, key) is not Result<DataSplit>.Success { Value: var split })
        {
            return;
        }
        Assert.Equal(Enumerable.Range(0, p * p), split.Train.Concat(split.Test).Order());
        Assert.Equal(split.Train.Order(), split.Train);
        Assert.Equal(split.Test.Order(), split.Test);
        Assert.All(split.Train, i => Assert.True(split.IsTrain[i]));
        Assert.All(split.Test, i => Assert.False(split.IsTrain[i]));
        Assert.Equal<int>(split.Data.Labels, split.Labels);
        Assert.DoesNotContain(true, split.IsCorrupted);
    }

    [Property]
    public void The_train_count_is_the_fraction_of_all_rounded_down(TinyModulus p, byte percent, AnyKey key)
    {
        int hundredths = 1 + (percent % 99);
        int expected = hundredths * p * p / 100;
        int actual = Split(p, hundredths / 100.0, key).Match(split => split.Train.Length, _ => 0);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("x + y", 97, 0.49, 4610)]
    [InlineData("x + y", 41, 0.3, 504)]
    [InlineData("x + y", 41, 0.7, 1176)]
    [InlineData("x / y", 97, 0.5, 4656)]
    [InlineData("x1 + x2 + x3", 41, 0.8, 55136)]
    [InlineData("x + y", 10, 0.29, 29)]
    public void The_papers_splits_have_the_papers_sizes(string text, int modulus, double alpha, int trainCount) =>
        Assert.Equal(trainCount, DataSplit.Of(Samples(text, modulus), alpha, RandomKey.FromSeed(0)).OrThrow().Train.Length);

    [Property]
    public void The_same_key_gives_the_same_split_and_another_key_another(AnyKey key, AnyKey other)
    {
        DataSplit first = Split(23, 0.5, key).OrThrow();
        Assert.Equal<int>(first.Train, Split(23, 0.5, key).OrThrow().Train);
        // Two of the 10^157 halves of 529 samples agree only if the keys do.
        Assert.Equal(key == other, first.Train.SequenceEqual(Split(23, 0.5, other).OrThrow().Train));
    }

    [Fact]
    public void Every_sample_is_trained_on_as_often_as_any_other()
    {
        const int Splits = 2000;
        var counts = new int[25];
        for (ulong seed = 0; seed < Splits; seed++)
        {
            foreach (int i in Split(5, 0.4, RandomKey.FromSeed(seed)).OrThrow().Train)
            {
                counts[i]++;
            }
        }
        // Each count is binomial(2000, 0.4): mean 800, standard deviation 21.9; six of them.
        Assert.All(counts, count => Assert.InRange(count, 800 - 132, 800 + 132));
    }

    [Theory]
    [InlineData(0.0, "The train fraction is 0; it must lie strictly between 0 and 1.")]
    [InlineData(1.0, "The train fraction is 1; it must lie strictly between 0 and 1.")]
    [InlineData(-0.5, "The train fraction is -0.5; it must lie strictly between 0 and 1.")]
    [InlineData(double.NaN, "The train fraction is NaN; it must lie strictly between 0 and 1.")]
    [InlineData(0.01, "The train fraction 0.01 of 25 samples leaves none to train on; both sides need one.")]
    [InlineData(0.99999999999999989, "The train fraction 0.9999999999999999 of 25 samples leaves none to test on; both sides need one.")]
    public void A_fraction_that_makes_no_split_is_refused_in_a_sentence(double alpha, string reason) =>
        Assert.Equal(reason, Assert.IsType<Result<DataSplit>.Failure>(Split(5, alpha, default)).Reason);

    [Property]
    public void Corruption_replaces_exactly_the_stated_share_by_wrong_labels(TinyModulus p, byte percent, AnyKey key, bool everywhere)
    {
        if (Split(p, 0.5, key) is not Result<DataSplit>.Success { Value: var clean })
        {
            return;
        }
        int hundredths = percent % 101;
        CorruptionScope scope = everywhere ? CorruptionScope.All : CorruptionScope.Train;
        DataSplit corrupted = clean.Corrupt(hundredths / 100.0, scope, key.Key.Split(RandomPurpose.Corruption)).OrThrow();
        int[] wrong = [.. Enumerable.Range(0, clean.Data.Count).Where(i => corrupted.Labels[i] != clean.Data.Labels[i])];
        Assert.Equal(hundredths * (everywhere ? clean.Data.Count : clean.Train.Length) / 100, wrong.Length);
        Assert.Equal(wrong, Enumerable.Range(0, clean.Data.Count).Where(i => corrupted.IsCorrupted[i]));
        Assert.All(corrupted.Labels, label => Assert.InRange(label, 0, p - 1));
        Assert.True(everywhere || wrong.All(i => clean.IsTrain[i]));
        Assert.Equal<int>(clean.Train, corrupted.Train);
    }

    [Property]
    public void The_same_key_corrupts_alike_and_another_key_does_not(AnyKey key, AnyKey other)
    {
        DataSplit clean = Split(23, 0.5, key).OrThrow();
        DataSplit Corrupted(AnyKey by) => clean.Corrupt(0.5, CorruptionScope.Train, by).OrThrow();
        Assert.Equal<int>(Corrupted(key).Labels, Corrupted(key).Labels);
        Assert.Equal(key == other, Corrupted(key).Labels.SequenceEqual(Corrupted(other).Labels));
    }

    [Property]
    public void Corrupting_twice_is_corrupting_once_with_the_later_settings(AnyKey key)
    {
        DataSplit clean = Split(11, 0.5, key).OrThrow();
        DataSplit twice = clean.Corrupt(1, CorruptionScope.All, key).OrThrow().Corrupt(0.25, CorruptionScope.Train, key).OrThrow();
        Assert.Equal<int>(clean.Corrupt(0.25, CorruptionScope.Train, key).OrThrow().Labels, twice.Labels);
    }

    [Fact]
    public void Wrong_labels_are_uniform_over_the_other_residues()
    {
        DataSplit table = Split(97, 0.5, default).OrThrow().Corrupt(1, CorruptionScope.All, RandomKey.FromSeed(1)).OrThrow();
        var shifts = new int[97];
        for (int i = 0; i < table.Labels.Length; i++)
        {
            shifts[(table.Labels[i] - table.Data.Labels[i] + 97) % 97]++;
        }
        Assert.Equal(0, shifts[0]);
        double expected = 97 * 97 / 96.0;
        double chiSquare = shifts.Skip(1).Sum(count => (count - expected) * (count - expected) / expected);
        // Laurent and Massart, 95 degrees of freedom: exceeded once in 10^9.
        Assert.InRange(chiSquare, 0, 95 + (2 * Math.Sqrt(95 * 20.7)) + (2 * 20.7));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_corruption_fraction_out_of_range_is_refused_in_a_sentence(double beta) =>
        Assert.EndsWith("it must lie between 0 and 1.", Assert.IsType<Result<DataSplit>.Failure>(
            Split(5, 0.5, default).OrThrow().Corrupt(beta, CorruptionScope.Train, default)).Reason, StringComparison.Ordinal);

    private static DataSet Samples(string text, int modulus) =>
        DataSet.Of(ArithmeticTask.Parse(text, new Modulus(modulus)).OrThrow()).OrThrow();

    private static Result<DataSplit> Split(int modulus, double alpha, RandomKey key) => DataSplit.Of(Samples("x + y", modulus), alpha, key);
}
