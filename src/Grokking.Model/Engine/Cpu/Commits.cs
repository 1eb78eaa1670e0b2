using System.Collections.Immutable;

namespace Grokking.Engine.Cpu;

/// <summary>Copies what a run computed for the variables into them, a stretch of elements at a time; those with two areas need no copy.</summary>
internal sealed unsafe class Commits<T> : IUnits
    where T : unmanaged
{
    private const int Stretch = 32768;

    private readonly T* whole;
    private readonly (int From, int To, int Count)[] stretches;

    internal Commits(ImmutableArray<(Operand From, Operand To)> updates, T* whole)
    {
        this.whole = whole;
        stretches = [.. updates.Where(update => update.From.Region == Region.Whole && update.From.Offset != update.To.Offset)
            .SelectMany(update => Enumerable.Range(0, (update.To.Shape.Count + Stretch - 1) / Stretch)
                .Select(i => (update.From.Offset + (i * Stretch), update.To.Offset + (i * Stretch), Math.Min(Stretch, update.To.Shape.Count - (i * Stretch)))))];
    }

    internal int Count => stretches.Length;

    public void Do(int unit, int worker)
    {
        var (from, to, count) = stretches[unit];
        new ReadOnlySpan<T>(whole + from, count).CopyTo(new(whole + to, count));
    }
}
