using System.Runtime.InteropServices;
using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Engine;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Cuda.Program;

/// <summary>
/// What the host gives a program before a run, for each place: numbers, keys and indices. It writes them here and waits for nobody; a run takes what has changed.
/// </summary>
internal sealed class Inputs : IDisposable
{
    private const int KeyWords = 4;

    private readonly Plan plan;
    private readonly Constants constants;

    /// <summary>Keys first, which are pairs of 64-bit words, then numbers.</summary>
    private readonly Mirror small;

    private readonly Mirror tables;
    private readonly Dictionary<string, int> numberWords = [];
    private readonly Dictionary<int, int> numberAt = [];
    private readonly Dictionary<(string Name, int Layer), int> keyWords = [];
    private readonly Dictionary<string, int> tableWords = [];

    internal Inputs(Device device, Plan plan, Constants constants, int places)
    {
        (this.plan, this.constants) = (plan, constants);
        var words = 0;
        foreach (var survivors in Survivors(plan).Where(survivors => survivors.Draws is Draws.Named))
        {
            if (keyWords.TryAdd(Key(survivors), words))
            {
                words += KeyWords;
            }
        }

        foreach (var (name, operand) in plan.Variables.Where(variable => IsNumber(plan, variable.Value)).OrderBy(variable => variable.Value.Offset))
        {
            numberWords[name] = numberAt[operand.Offset] = words++;
        }

        small = new(device, words, places);
        var table = 0;
        foreach (var (name, named) in plan.Indices.OrderBy(indices => indices.Key, StringComparer.Ordinal))
        {
            tableWords[name] = table;
            table = checked(table + named.Count);
        }

        try
        {
            tables = new(device, table, places);
        }
        catch
        {
            small.Dispose();
            throw;
        }
    }

    /// <summary>Whether a variable is a number that comes in here.</summary>
    internal bool IsNumber(string name) => numberWords.ContainsKey(name);

    /// <summary>The number of which this is the place in the plan; null where it is that of something else.</summary>
    internal Memory? NumberAt(int offset) => numberAt.TryGetValue(offset, out var word) ? small.At(word) : null;

    /// <summary>The indices that a kernel reads.</summary>
    internal Memory Table(Indices indices) => indices switch
    {
        Indices.Named named => tables.At(tableWords[named.Name]),
        Indices.Known known => new(constants.Put(known.Values.AsSpan()), 0),
        _ => throw new ArgumentException("Indices are Known or Named.", nameof(indices)),
    };

    /// <summary>The key that a dropout draws from.</summary>
    internal Memory KeyOf(Survivors survivors)
    {
        if (survivors.Draws is Draws.Named)
        {
            return small.At(keyWords[Key(survivors)], elementWords: 2);
        }

        var key = Tensors.Primitives.Survivors.Key(survivors.Draws).Split((ulong)survivors.Layer);
        return new(constants.Put<ulong>([key.Cipher, key.Stream]), 0);
    }

    internal void SetNumber(int place, string name, double value) => small.Set(place, numberWords[name], [BitConverter.SingleToInt32Bits((float)value)]);

    internal void SetKey(int place, string name, RandomKey key)
    {
        foreach (var ((draws, layer), word) in keyWords)
        {
            if (draws == name)
            {
                var child = key.Split((ulong)layer);
                small.Set(place, word, MemoryMarshal.Cast<ulong, int>([child.Cipher, child.Stream]));
            }
        }
    }

    internal void SetIndices(int place, string name, ReadOnlySpan<int> values)
    {
        var named = plan.Indices[name];
        if (values.Length != named.Count)
        {
            throw new ArgumentException($"The indices '{name}' are {named.Count}, not {values.Length}.");
        }

        foreach (var value in values)
        {
            if ((uint)value >= (uint)named.Bound)
            {
                throw new ArgumentException($"The indices '{name}' lie in 0 … {named.Bound - 1}; {value} does not.");
            }
        }

        tables.Set(place, tableWords[name], values);
    }

    /// <summary>Enqueues the copies of what has changed.</summary>
    internal void Upload(Staging staging)
    {
        small.Upload(staging);
        tables.Upload(staging);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        small.Dispose();
        tables.Dispose();
    }

    private static (string Name, int Layer) Key(Survivors survivors) => (((Draws.Named)survivors.Draws).Name, survivors.Layer);

    /// <summary>A scalar that no update changes: the step's rate, say.</summary>
    private static bool IsNumber(Plan plan, Operand variable) =>
        variable.Region == Region.Whole && variable.Shape.Rank == 0 && plan.Updates.All(update => update.To.Region != Region.Whole || update.To.Offset != variable.Offset);

    private static IEnumerable<Survivors> Survivors(Plan plan) => plan.Stages
        .SelectMany(stage => stage.Once.SelectMany(round => round).Concat(stage.PerTile))
        .OfType<Application>().Select(application => application.Primitive).OfType<Survivors>();
}
