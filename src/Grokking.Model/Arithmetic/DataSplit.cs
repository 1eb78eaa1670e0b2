// α train fraction, β corruption fraction
using System.Collections.Immutable;
using System.Globalization;
using Grokking.Randomness;

namespace Grokking.Arithmetic;

/// <summary>Which samples <see cref="DataSplit.Corrupt"/> chooses from.</summary>
public enum CorruptionScope
{
    /// <summary>The samples that are trained on; the test labels stay true.</summary>
    Train,

    /// <summary>All samples. With fraction 1 the whole table is random: the control that no network can generalise.</summary>
    All,
}

/// <summary>
/// A data set divided into the samples that are trained on and those that are tested on, with the labels that are used. Every sample is on
/// exactly one side; both sides are in ascending order and not empty.
/// </summary>
public sealed class DataSplit
{
    private DataSplit(
        DataSet data, ImmutableArray<bool> isTrain, ImmutableArray<int> labels, ImmutableArray<bool> isCorrupted)
    {
        Data = data;
        IsTrain = isTrain;
        Labels = labels;
        IsCorrupted = isCorrupted;
        Train = [.. Enumerable.Range(0, data.Count).Where(i => isTrain[i])];
        Test = [.. Enumerable.Range(0, data.Count).Where(i => !isTrain[i])];
    }

    /// <summary>The samples, with their true labels.</summary>
    public DataSet Data { get; }

    /// <summary>The indices of the samples that are trained on, ascending.</summary>
    public ImmutableArray<int> Train { get; }

    /// <summary>The indices of the samples that are tested on, ascending.</summary>
    public ImmutableArray<int> Test { get; }

    /// <summary>Per sample, whether it is trained on.</summary>
    public ImmutableArray<bool> IsTrain { get; }

    /// <summary>Per sample, the label that is used: the true one unless the sample is corrupted.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>Per sample, whether its label was replaced; where it was, it differs from the true one.</summary>
    public ImmutableArray<bool> IsCorrupted { get; }

    /// <summary>
    /// Chooses the training samples uniformly at random: α = |train| / |all| as in arXiv 2301.02679, Eq. 3, with
    /// |train| = floor(α |all|). α is taken as the decimal number that it is written as (15 digits), so 0.29 of 100 samples are 29.
    /// </summary>
    /// <param name="data">The samples.</param>
    /// <param name="trainFraction">α, strictly between 0 and 1.</param>
    /// <param name="key">Decides the choice; by habit the run's key split for <see cref="RandomPurpose.Split"/>.</param>
    /// <returns>The split, or why that α makes none.</returns>
    public static Result<DataSplit> Of(DataSet data, double trainFraction, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (trainFraction is not (> 0 and < 1))
        {
            return Fail($"The train fraction is {trainFraction}; it must lie strictly between 0 and 1.");
        }
        int trainCount = Floor(trainFraction, data.Count);
        if (trainCount == 0 || trainCount == data.Count)
        {
            string empty = trainCount == 0 ? "train" : "test";
            return Fail($"The train fraction {trainFraction} of {data.Count} samples leaves none to {empty} on; both sides need one.");
        }
        var isTrain = new bool[data.Count];
        foreach (int i in key.Permutation(data.Count).AsSpan(0, trainCount))
        {
            isTrain[i] = true;
        }
        return Result.Success(new DataSplit(data, [.. isTrain], data.Labels, [.. new bool[data.Count]]));
    }

    /// <summary>
    /// Replaces the labels of floor(β n) of the n samples in scope, chosen uniformly at random. A replaced label is drawn
    /// uniformly from the other p-1 residues: it always differs from the true one, so β is exactly the share of wrong labels.
    /// (Drawing from all p residues would leave about β/p of them right by chance.) Corrupts the true labels, whatever was
    /// corrupted before.
    /// </summary>
    /// <param name="fraction">β, from 0 to 1; read as a decimal number, like the train fraction.</param>
    /// <param name="scope">What is chosen from.</param>
    /// <param name="key">Decides the choice; by habit the run's key split for <see cref="RandomPurpose.Corruption"/>.</param>
    /// <returns>The same split with other labels, or why that β is not allowed.</returns>
    public Result<DataSplit> Corrupt(double fraction, CorruptionScope scope, RandomKey key)
    {
        if (fraction is not (>= 0 and <= 1))
        {
            return Fail($"The corruption fraction is {fraction}; it must lie between 0 and 1.");
        }
        ImmutableArray<int> candidates = scope == CorruptionScope.Train ? Train : [.. Enumerable.Range(0, Data.Count)];
        RandomKey choice = key.Split("choice"), label = key.Split("label");
        int[] labels = [.. Data.Labels];
        var isCorrupted = new bool[Data.Count];
        foreach (int place in choice.Permutation(candidates.Length).AsSpan(0, Floor(fraction, candidates.Length)))
        {
            int i = candidates[place];
            int other = label.Below(Data.Task.Modulus.Value - 1, (ulong)i);
            labels[i] = other < labels[i] ? other : other + 1;
            isCorrupted[i] = true;
        }
        return Result.Success(new DataSplit(Data, IsTrain, [.. labels], [.. isCorrupted]));
    }

    // The conversion to decimal rounds to 15 digits, that is, back to what was written.
    private static int Floor(double fraction, int count) => (int)Math.Floor((decimal)fraction * count);

    private static Result<DataSplit> Fail(FormattableString reason) =>
        Result.Failure<DataSplit>(reason.ToString(CultureInfo.InvariantCulture));
}
