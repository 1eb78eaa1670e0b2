using System.Collections.Immutable;
using System.Numerics;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>
/// A plan on this processor: fixed memory, ready kernels, a few threads. Every shard is worked off by one thread, tile after tile, and the
/// parts of a sum are added in shard order, so the bits of a result do not depend on the number of threads.
/// </summary>
/// <typeparam name="T">The precision: float or double.</typeparam>
internal sealed unsafe class CpuProgram<T> : Executable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Counts the changes of the engine after which the same step, on the same machine, gives other bits.</summary>
    private const int Revision = 5;

    private readonly Plan plan;
    private readonly Workers workers;
    private readonly Areas<T> areas;
    private readonly Dictionary<string, IndexTable> indices;
    private readonly Dictionary<string, KeyPlace> keys;
    private readonly Commits<T> commits;
    private readonly ImmutableArray<Pass<T>> passes;

    /// <summary>The program that it last took over from, and whether its variables lie at the same places.</summary>
    private (CpuProgram<T>? Program, bool HasSamePlaces) last;

    /// <summary>Makes a plan ready to run.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="workers">The threads to run it on; they are not disposed of here.</param>
    public CpuProgram(Plan plan, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(workers);
        this.plan = plan;
        this.workers = workers;
        indices = plan.Indices.ToDictionary(named => named.Key, named => new IndexTable(new int[named.Value.Count], named.Value.Bound));
        keys = plan.Draws.ToDictionary(name => name, _ => new KeyPlace());

        var ready = new KernelFactory<T>(indices, keys, plan.Tiling.TileSamples);
        passes = [.. plan.Stages.Select(stage => new Pass<T>(
            [.. stage.Once.Select(round => round.Select(instruction => new Step<T>(ready.For(instruction, perTile: false), instruction.ForUpdates)).ToImmutableArray())],
            [.. stage.PerTile.Select(instruction => new Step<T>(ready.For(instruction, perTile: true), instruction.ForUpdates))],
            stage.Sums,
            this))];
        areas = new(plan, workers.Count, passes.Max(pass => pass.ScratchBytes));
        commits = new(plan.Updates, areas);
        foreach (var preset in plan.Presets)
        {
            areas.Write(preset.Target, preset.Value);
        }
    }

    /// <inheritdoc/>
    public override string Profile => FormattableString.Invariant(
        $"cpu {typeof(T).Name} {Gemm<T>.Best.Name} vector{Vector<T>.Count} shards{plan.Tiling.Shards} tile{plan.Tiling.TileSamples} revision{Revision}");

    /// <summary>The plan that is run.</summary>
    internal Plan Plan => plan;

    /// <summary>The threads that run it.</summary>
    internal Workers Workers => workers;

    /// <inheritdoc/>
    public override bool Reads(string name) => indices.ContainsKey(name) || plan.Variables.ContainsKey(name);

    /// <inheritdoc/>
    public override void SetVariable(string name, Dense value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var place = plan.Variables[name];
        if (!place.Shape.Equals(value.Shape))
        {
            throw new ArgumentException($"The variable '{name}' has shape {place.Shape}, not {value.Shape}.");
        }

        areas.Write(place, value);
    }

    /// <inheritdoc/>
    public override void CopyVariable(string name, Executable from)
    {
        if (from is not CpuProgram<T> other || !other.plan.Variables[name].Shape.Equals(plan.Variables[name].Shape))
        {
            throw new ArgumentException($"The variable '{name}' can be copied only between programs of one machine, precision and shape.");
        }

        areas.Copy(plan.Variables[name], other.areas, other.plan.Variables[name]);
    }

    /// <inheritdoc/>
    public override void TakeOver(ImmutableArray<string> names, Executable from)
    {
        var exchanges = from is CpuProgram<T> other && HasPlacesOf(other);
        if (exchanges)
        {
            areas.Exchange(((CpuProgram<T>)from).areas);
        }

        foreach (var name in names)
        {
            if (!exchanges || plan.Variables[name].Region != Region.Present)
            {
                CopyVariable(name, from);
            }
        }
    }

    /// <inheritdoc/>
    public override void SetNumber(string name, double value)
    {
        var place = plan.Variables[name];
        if (place.Shape.Count != 1)
        {
            throw new ArgumentException($"The variable '{name}' has shape {place.Shape} and is not a single number.");
        }

        *areas.First(place) = T.CreateSaturating(value);
    }

    /// <inheritdoc/>
    public override void SetIndices(string name, ReadOnlySpan<int> values)
    {
        var table = indices[name];
        if (values.Length != table.Values.Length)
        {
            throw new ArgumentException($"The indices '{name}' are {table.Values.Length}, not {values.Length}.");
        }

        foreach (var value in values)
        {
            if ((uint)value >= (uint)table.Bound)
            {
                throw new ArgumentException($"The indices '{name}' lie in 0 … {table.Bound - 1}; {value} does not.");
            }
        }

        values.CopyTo(table.Values);
    }

    /// <inheritdoc/>
    public override IReadOnlySet<string> Draws => plan.Draws;

    /// <inheritdoc/>
    public override void SetKey(string name, RandomKey key) => keys[name].Key = key;

    /// <inheritdoc/>
    public override void Run() => Run(outputs: true);

    /// <inheritdoc/>
    public override void RunUpdates() => Run(outputs: false);

    private void Run(bool outputs)
    {
        foreach (var pass in passes)
        {
            pass.Run(outputs);
        }
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        workers.Run(commits, commits.Count);
        areas.Advance();
    }

    /// <inheritdoc/>
    public override Dense Output(string name) => areas.Read(plan.Outputs[name]);

    /// <inheritdoc/>
    public override double Number(string name)
    {
        var place = plan.Outputs[name];
        return place.Shape.Count == 1
            ? double.CreateSaturating(*areas.First(place))
            : throw new ArgumentException($"The output '{name}' has shape {place.Shape} and is not a single number.");
    }

    /// <inheritdoc/>
    public override Dense Variable(string name) => areas.Read(plan.Variables[name]);

    /// <summary>The memory of each region for a worker on a shard.</summary>
    internal Frame<T> FrameFor(int worker, int shard) => areas.For(worker, shard);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var pass in passes)
        {
            pass.Dispose();
        }

        areas.Dispose();
    }

    /// <summary>Whether all variables of the present area lie at the same places in another program.</summary>
    private bool HasPlacesOf(CpuProgram<T> other)
    {
        if (last.Program != other)
        {
            last = (other, plan.Sizes[Region.Present] == other.plan.Sizes[Region.Present] && plan.Variables.All(variable => other.plan.Variables.TryGetValue(variable.Key, out var place)
                && (place.Region, variable.Value.Region) switch
                {
                    (Region.Present, Region.Present) => place.Offset == variable.Value.Offset && place.Shape.Equals(variable.Value.Shape) && place.Strides.SequenceEqual(variable.Value.Strides),
                    var (theirs, ours) => theirs == ours,
                }));
        }

        return last.HasSamePlaces;
    }
}
