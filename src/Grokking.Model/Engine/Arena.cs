namespace Grokking.Engine;

/// <summary>Gives places to values, so that two values share memory only if their lives do not touch.</summary>
internal sealed class Arena
{
    /// <summary>Offsets are multiples of this many elements: a cache line of float32.</summary>
    private const int Alignment = 16;

    private readonly List<(int Offset, int Size, int Last)> living = [];

    /// <summary>Elements needed so far.</summary>
    internal int Size { get; private set; }

    /// <summary>The lowest free place for a value that lives from one moment to another, both included.</summary>
    /// <remarks>Moments of successive calls do not decrease.</remarks>
    internal int Place(int size, int first, int last)
    {
        living.RemoveAll(value => value.Last < first);
        living.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        var rounded = (size + Alignment - 1) / Alignment * Alignment;
        var offset = 0;
        foreach (var value in living)
        {
            if (offset + rounded <= value.Offset)
            {
                break;
            }

            offset = Math.Max(offset, value.Offset + value.Size);
        }

        living.Add((offset, rounded, last));
        Size = Math.Max(Size, checked(offset + rounded));
        return offset;
    }

    /// <summary>A place for ever.</summary>
    internal int Keep(int size) => Place(size, 0, int.MaxValue);
}
