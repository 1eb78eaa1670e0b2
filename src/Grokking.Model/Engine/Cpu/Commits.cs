using System.Collections.Immutable;
using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>
/// Copies what a run computed for the variables into them, a stretch of elements at a time, before both areas of variables are exchanged. Those that have a place in both need no copy.
/// </summary>
internal sealed unsafe class Commits<T> : IUnits
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Stretch = 32768;

    private readonly Areas<T> areas;
    private readonly (Operand From, Operand To, int Start, int Count)[] stretches;

    internal Commits(ImmutableArray<(Operand From, Operand To)> updates, Areas<T> areas)
    {
        this.areas = areas;
        stretches = [.. updates.Where(update => update.To.Region == Region.Whole && update.From != update.To)
            .SelectMany(update => Enumerable.Range(0, (update.To.Shape.Count + Stretch - 1) / Stretch)
                .Select(i => (update.From, update.To, i * Stretch, Math.Min(Stretch, update.To.Shape.Count - (i * Stretch)))))];
    }

    internal int Count => stretches.Length;

    public void Do(int unit, int worker)
    {
        var (from, to, start, count) = stretches[unit];
        new ReadOnlySpan<T>(areas.First(from) + start, count).CopyTo(new(areas.First(to) + start, count));
    }
}
