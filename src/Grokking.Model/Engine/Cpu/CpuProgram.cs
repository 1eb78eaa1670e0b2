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
    private readonly NativeArray<T> whole;
    private NativeArray<T> present;
    private NativeArray<T> next;
    private CpuProgram<T>? alike;
    private readonly NativeArray<T> tiles;
    private readonly NativeArray<T> partials;
    private readonly NativeArray<double> partialSums;
    private readonly NativeArray<byte> scratch;
    private readonly Dictionary<string, IndexTable> indices;
    private readonly Dictionary<string, KeyPlace> keys;
    private readonly Commits<T> commits;
    private readonly ImmutableArray<Pass<T>> passes;

    /// <summary>Makes a plan ready to run.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="workers">The threads to run it on; they are not disposed of here.</param>
    public CpuProgram(Plan plan, Workers workers)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(workers);
        this.plan = plan;
        this.workers = workers;
        whole = new(plan.Sizes[Region.Whole]);
        present = new(plan.Sizes[Region.Present]);
        next = new(plan.Sizes[Region.Next]);
        tiles = new((long)plan.Sizes[Region.Tile] * workers.Count);
        partials = new((long)plan.Sizes[Region.Partial] * Math.Max(1, plan.Tiling.Shards));
        partialSums = new((long)plan.Sizes[Region.PartialSum] * Math.Max(1, plan.Tiling.Shards));
        indices = plan.Indices.ToDictionary(named => named.Key, named => new IndexTable(new int[named.Value.Count], named.Value.Bound));
        keys = plan.Draws.ToDictionary(name => name, _ => new KeyPlace());

        var ready = new KernelFactory<T>(indices, keys, plan.Tiling.TileSamples);
        passes = [.. plan.Stages.Select(stage => new Pass<T>(
            [.. stage.Once.Select(round => round.Select(instruction => new Step<T>(ready.For(instruction, perTile: false), instruction.ForUpdates)).ToImmutableArray())],
            [.. stage.PerTile.Select(instruction => new Step<T>(ready.For(instruction, perTile: true), instruction.ForUpdates))],
            stage.Sums,
            this))];
        ScratchPerWorker = (passes.Max(pass => pass.ScratchBytes) + 63) / 64 * 64;
        scratch = new(ScratchPerWorker * workers.Count);

        commits = new(plan.Updates, whole);
        foreach (var preset in plan.Presets)
        {
            Write(preset.Target, preset.Value);
        }
    }

    /// <inheritdoc/>
    public override string Profile => FormattableString.Invariant(
        $"cpu {typeof(T).Name} {Gemm<T>.Best.Name} vector{Vector<T>.Count} shards{plan.Tiling.Shards} tile{plan.Tiling.TileSamples} revision{Revision}");

    /// <summary>The plan that is run.</summary>
    internal Plan Plan => plan;

    /// <summary>The threads that run it.</summary>
    internal Workers Workers => workers;

    private long ScratchPerWorker { get; }

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

        Write(place, value);
    }

    /// <inheritdoc/>
    public override void CopyVariable(string name, Executable from)
    {
        if (from is not CpuProgram<T> other || !other.plan.Variables[name].Shape.Equals(plan.Variables[name].Shape))
        {
            throw new ArgumentException($"The variable '{name}' can be copied only between programs of one machine, precision and shape.");
        }

        var (source, target) = (other.plan.Variables[name], plan.Variables[name]);
        if (source.Strides.SequenceEqual(target.Strides))
        {
            other.Elements(source).CopyTo(Elements(target));
            return;
        }

        for (var i = 0; i < target.Shape.Count; i++)
        {
            *At(target, i) = *other.At(source, i);
        }
    }

    /// <inheritdoc/>
    public override void TakeOver(ImmutableArray<string> names, Executable from)
    {
        var exchanged = from is CpuProgram<T> other && HasPlacesOf(other);
        if (exchanged)
        {
            (present, ((CpuProgram<T>)from).present) = (((CpuProgram<T>)from).present, present);
        }

        foreach (var name in names)
        {
            if (!exchanged || plan.Variables[name].Region != Region.Present)
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

        *At(place, 0) = T.CreateSaturating(value);
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
        (present, next) = (next, present);
    }

    /// <inheritdoc/>
    public override Dense Output(string name) => Read(plan.Outputs[name]);

    /// <inheritdoc/>
    public override double Number(string name)
    {
        var place = plan.Outputs[name];
        return place.Shape.Count == 1
            ? double.CreateSaturating(*At(place, 0))
            : throw new ArgumentException($"The output '{name}' has shape {place.Shape} and is not a single number.");
    }

    /// <inheritdoc/>
    public override Dense Variable(string name) => Read(plan.Variables[name]);

    /// <summary>The memory of each region for a worker on a shard.</summary>
    internal Frame<T> FrameFor(int worker, int shard) => new()
    {
        Whole = whole.Pointer,
        Present = present.Pointer,
        Next = next.Pointer,
        Tile = tiles.Pointer + ((long)plan.Sizes[Region.Tile] * worker),
        Partial = partials.Pointer + ((long)plan.Sizes[Region.Partial] * shard),
        PartialSum = partialSums.Pointer + ((long)plan.Sizes[Region.PartialSum] * shard),
        Scratch = scratch.Pointer + (ScratchPerWorker * worker),
        First = 0,
        Samples = 0,
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var pass in passes)
        {
            pass.Dispose();
        }

        whole.Dispose();
        present.Dispose();
        next.Dispose();
        tiles.Dispose();
        partials.Dispose();
        partialSums.Dispose();
        scratch.Dispose();
    }

    /// <summary>Whether all variables of the present area lie at the same places in another program.</summary>
    private bool HasPlacesOf(CpuProgram<T> other)
    {
        if (alike != other)
        {
            var same = plan.Sizes[Region.Present] == other.plan.Sizes[Region.Present] && plan.Variables.All(variable =>
                other.plan.Variables.TryGetValue(variable.Key, out var place) && place.Region == variable.Value.Region
                && (place.Region != Region.Present || (place.Offset == variable.Value.Offset && place.Shape.Equals(variable.Value.Shape) && place.Strides.SequenceEqual(variable.Value.Strides))));
            alike = same ? other : null;
        }

        return alike == other;
    }

    private T* AreaOf(Region region) => region switch
    {
        Region.Present => present.Pointer,
        Region.Next => next.Pointer,
        _ => whole.Pointer,
    };

    private Span<T> Elements(Operand operand) => new(AreaOf(operand.Region) + operand.Offset, operand.Shape.Count);

    private void Write(Operand place, Dense value)
    {
        var values = value.Span;
        for (var i = 0; i < values.Length; i++)
        {
            *At(place, i) = T.CreateSaturating(values[i]);
        }
    }

    /// <summary>Where the element of this row-major number lies: rows one after the other, or a matrix kept transposed.</summary>
    private T* At(Operand operand, int i)
    {
        var first = AreaOf(operand.Region) + operand.Offset;
        if (operand.Shape.Rank != 2)
        {
            return first + i;
        }

        var (row, column) = Math.DivRem(i, operand.Shape[1]);
        return first + (row * operand.Strides[0]) + (column * operand.Strides[1]);
    }

    private Dense Read(Operand place)
    {
        var values = new double[place.Shape.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateSaturating(*At(place, i));
        }

        return Dense.Own(place.Shape, values);
    }
}
