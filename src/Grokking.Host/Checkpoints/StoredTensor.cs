using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Grokking.Host.Checkpoints;

/// <summary>Types of stored numbers; the names are those of the safetensors format.</summary>
internal enum TensorKind
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary64.</summary>
    F64,

    /// <summary>Signed, 32 bits.</summary>
    I32,

    /// <summary>Signed, 64 bits.</summary>
    I64,

    /// <summary>Unsigned, 64 bits.</summary>
    U64,

    /// <summary>Unsigned, 8 bits.</summary>
    U8,
}

/// <summary>A named array of numbers as it lies in a file: little-endian, last axis fastest.</summary>
/// <param name="Name">Its name, distinct in the file and not `__metadata__`.</param>
/// <param name="Kind">What a number is.</param>
/// <param name="Shape">Its axes; none for a single number.</param>
/// <param name="Bytes">The numbers.</param>
internal sealed record StoredTensor(string Name, TensorKind Kind, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Number of elements that the shape asks for.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, axis) => checked(product * axis));

    /// <summary>Copies numbers of .NET into a tensor.</summary>
    /// <typeparam name="T">float, double, int, long, ulong or byte.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its axes.</param>
    /// <param name="values">The numbers, last axis fastest.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The shape asks for another number of elements.</exception>
    public static StoredTensor Of<T>(string name, IEnumerable<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // The file's byte order is ours on every machine that .NET 10 runs on, save one that nobody trains on.
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Checkpoints need a little-endian machine.");
        var tensor = new StoredTensor(name, KindOf<T>(), [.. shape], MemoryMarshal.AsBytes(values).ToArray());
        return tensor.ElementCount == values.Length
            ? tensor
            : throw new ArgumentException(
                $"The tensor '{name}' of shape [{string.Join(", ", tensor.Shape)}] was given {values.Length} numbers.", nameof(values));
    }

    /// <summary>The numbers, copied.</summary>
    /// <typeparam name="T">The type that belongs to <see cref="Kind"/>.</typeparam>
    /// <returns>The numbers, last axis fastest.</returns>
    /// <exception cref="InvalidOperationException">The numbers are of another type.</exception>
    public T[] Values<T>()
        where T : unmanaged => KindOf<T>() == Kind
        ? MemoryMarshal.Cast<byte, T>(Bytes.Span).ToArray()
        : throw new InvalidOperationException($"The tensor '{Name}' holds {Kind}, not {KindOf<T>()}.");

    /// <summary>Bytes of one number.</summary>
    /// <param name="kind">What it is.</param>
    /// <returns>1, 4 or 8.</returns>
    public static int SizeOf(TensorKind kind) => kind switch
    {
        TensorKind.U8 => 1,
        TensorKind.F32 or TensorKind.I32 => 4,
        _ => 8,
    };

    private static TensorKind KindOf<T>() => default(T) switch
    {
        float => TensorKind.F32,
        double => TensorKind.F64,
        int => TensorKind.I32,
        long => TensorKind.I64,
        ulong => TensorKind.U64,
        byte => TensorKind.U8,
        _ => throw new NotSupportedException($"{typeof(T).Name} is not a type of our tensors."),
    };
}
