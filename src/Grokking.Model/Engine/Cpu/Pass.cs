using System.Collections.Immutable;
using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>A kernel, and whether an update depends on it.</summary>
internal readonly record struct Step<T>(Kernel<T> Kernel, bool ForUpdates)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>One stage of a plan: what is done once, then all tiles of all shards, then the sums over shards.</summary>
internal sealed unsafe class Pass<T> : IUnits, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ImmutableArray<Round<T>> once;
    private readonly ImmutableArray<Round<T>> onceForUpdates;
    private readonly ImmutableArray<Step<T>> perTile;
    private readonly ImmutableArray<Kernel<T>> kernels;
    private readonly ImmutableArray<Accumulation> sums;
    private readonly CpuProgram<T> program;
    private readonly ShardSums<T> shardSums;
    private readonly Preparations<T> preparations;

    /// <summary>Whether the run at hand computes what only outputs need.</summary>
    private bool outputs;

    internal Pass(ImmutableArray<ImmutableArray<Step<T>>> once, ImmutableArray<Step<T>> perTile, ImmutableArray<Accumulation> sums, CpuProgram<T> program)
    {
        this.once = [.. once.Select(round => new Round<T>([.. round.Select(step => step.Kernel)], program))];
        onceForUpdates = [.. once.Select(round => new Round<T>([.. round.Where(step => step.ForUpdates).Select(step => step.Kernel)], program))];
        this.perTile = perTile;
        this.sums = sums;
        this.program = program;
        shardSums = new(sums, program);
        preparations = new(perTile, program);
        kernels = [.. once.SelectMany(round => round).Concat(perTile).Select(step => step.Kernel)];
        ScratchBytes = kernels.Select(kernel => kernel.ScratchBytes).Append(0).Max();
    }

    internal long ScratchBytes { get; }

    public void Dispose()
    {
        foreach (var kernel in kernels)
        {
            kernel.Dispose();
        }
    }

    /// <summary>All tiles of one shard.</summary>
    public void Do(int unit, int worker)
    {
        var tiling = program.Plan.Tiling;
        var frame = program.FrameFor(worker, unit);
        foreach (var (part, _) in sums)
        {
            if (part.Region == Region.PartialSum)
            {
                new Span<double>(frame.PartialSum + part.Offset, part.Shape.Count).Clear();
            }
            else
            {
                new Span<T>(frame.Partial + part.Offset, part.Shape.Count).Clear();
            }
        }

        var end = tiling.ShardStart(unit + 1);
        for (frame.First = tiling.ShardStart(unit); frame.First < end; frame.First += tiling.TileSamples)
        {
            frame.Samples = Math.Min(tiling.TileSamples, end - frame.First);
            foreach (var step in perTile)
            {
                if (outputs || step.ForUpdates)
                {
                    step.Kernel.Run(frame);
                }
            }
        }
    }

    internal void Run(bool withOutputs)
    {
        outputs = withOutputs;
        foreach (var round in outputs ? once : onceForUpdates)
        {
            round.Run();
        }

        if (perTile.IsEmpty)
        {
            return;
        }

        program.Workers.Run(preparations, perTile.Length);
        program.Workers.Run(this, program.Plan.Tiling.Shards);
        program.Workers.Run(shardSums, shardSums.Units);
    }
}

/// <summary>What the instructions of a pass need done before it, each by itself.</summary>
internal sealed class Preparations<T>(ImmutableArray<Step<T>> perTile, CpuProgram<T> program) : IUnits
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Do(int unit, int worker) => perTile[unit].Kernel.Prepare(program.FrameFor(worker, 0));
}

/// <summary>Adds the shards' parts of each sum, in shard order, a stretch of elements at a time.</summary>
internal sealed unsafe class ShardSums<T> : IUnits
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Stretch = 8192;

    private readonly (Accumulation Sum, int Start, int Count)[] stretches;
    private readonly CpuProgram<T> program;

    internal ShardSums(ImmutableArray<Accumulation> sums, CpuProgram<T> program)
    {
        this.program = program;
        stretches = [.. sums.SelectMany(sum => Enumerable.Range(0, (sum.Part.Shape.Count + Stretch - 1) / Stretch)
            .Select(i => (sum, i * Stretch, Math.Min(Stretch, sum.Part.Shape.Count - (i * Stretch)))))];
    }

    internal int Units => stretches.Length;

    public void Do(int unit, int worker)
    {
        var (sum, start, count) = stretches[unit];
        var target = program.FrameFor(0, 0).Whole + sum.Target.Offset + start;
        if (sum.Part.Region == Region.PartialSum)
        {
            // The first shard's part becomes the sum; it is cleared before the next run.
            var total = program.FrameFor(0, 0).PartialSum + sum.Part.Offset + start;
            for (var shard = 1; shard < program.Plan.Tiling.Shards; shard++)
            {
                Add(total, program.FrameFor(0, shard).PartialSum + sum.Part.Offset + start, count);
            }

            for (var i = 0; i < count; i++)
            {
                target[i] = T.CreateSaturating(total[i]);
            }

            return;
        }

        for (var shard = 0; shard < program.Plan.Tiling.Shards; shard++)
        {
            var part = program.FrameFor(0, shard).Partial + sum.Part.Offset + start;
            if (shard == 0)
            {
                new ReadOnlySpan<T>(part, count).CopyTo(new Span<T>(target, count));
            }
            else
            {
                Add(target, part, count);
            }
        }
    }

    private static void Add<TNumber>(TNumber* sum, TNumber* part, int n)
        where TNumber : unmanaged, INumber<TNumber>
    {
        var i = 0;
        for (; i <= n - Vector<TNumber>.Count; i += Vector<TNumber>.Count)
        {
            (Vector.Load(sum + i) + Vector.Load(part + i)).Store(sum + i);
        }

        for (; i < n; i++)
        {
            sum[i] += part[i];
        }
    }
}
