using System.Text;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// A structure read in Thrift's compact protocol, as fields by number. What is asked for and absent is a fault of the file.
/// Source: apache/thrift, doc/specs/thrift-compact-protocol.md.
/// </summary>
internal sealed class ThriftStructure
{
    // A footer of ours nests eight levels; a damaged one must not exhaust the stack.
    private const int DeepestNesting = 32;

    private readonly Dictionary<short, object> fields = [];

    /// <summary>Reads one structure from the front of the bytes.</summary>
    /// <param name="reader">The bytes.</param>
    /// <returns>The structure.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such structure.</exception>
    public static ThriftStructure Read(ref ByteReader reader) => Read(ref reader, 0);

    /// <summary>Whether a field is there.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>True if so.</returns>
    public bool Has(short field) => fields.ContainsKey(field);

    /// <summary>A truth value.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>Its value.</returns>
    public bool Boolean(short field) => Get<bool>(field);

    /// <summary>An integer of any width.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>Its value.</returns>
    public long Integer(short field) => Get<long>(field);

    /// <summary>An integer that must fit 32 bits.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>Its value.</returns>
    public int Integer32(short field) => Integer(field) is >= int.MinValue and <= int.MaxValue and var value
        ? (int)value
        : throw new InvalidDataException($"field {field} is out of range");

    /// <summary>A byte string.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>Its bytes.</returns>
    public byte[] Bytes(short field) => Get<byte[]>(field);

    /// <summary>A text.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>Its value.</returns>
    public string Text(short field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>A structure.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>The structure.</returns>
    public ThriftStructure Structure(short field) => Get<ThriftStructure>(field);

    /// <summary>A list; empty where the field is absent.</summary>
    /// <typeparam name="T">long, byte[] or <see cref="ThriftStructure"/>.</typeparam>
    /// <param name="field">Its number.</param>
    /// <returns>The elements.</returns>
    public IReadOnlyList<T> List<T>(short field)
    {
        if (!Has(field))
            return [];
        List<object> list = Get<List<object>>(field);
        return list.All(e => e is T) ? [.. list.Cast<T>()] : throw new InvalidDataException($"field {field} is a list of something else");
    }

    private T Get<T>(short field) => fields.TryGetValue(field, out object? value) && value is T typed
        ? typed
        : throw new InvalidDataException($"field {field} is missing or of another type");

    private static ThriftStructure Read(ref ByteReader reader, int depth)
    {
        if (depth > DeepestNesting)
            throw new InvalidDataException("structures nest too deeply");
        var structure = new ThriftStructure();
        short field = 0;
        while (true)
        {
            byte header = reader.TakeByte();
            if (header == 0)
                return structure;
            field = (header >> 4) == 0 ? (short)reader.TakeSigned() : (short)(field + (header >> 4));
            structure.fields[field] = (header & 0x0F) switch
            {
                1 => true,
                2 => false,
                int type => Value(ref reader, type, depth),
            };
        }
    }

    private static object Value(ref ByteReader reader, int type, int depth) => type switch
    {
        3 => (long)(sbyte)reader.TakeByte(),
        4 or 5 or 6 => reader.TakeSigned(),
        8 => reader.Take(reader.TakeCount()).ToArray(),
        9 => Elements(ref reader, depth),
        12 => Read(ref reader, depth + 1),
        _ => throw new InvalidDataException($"type {type} is not used by Parquet's footer"),
    };

    private static List<object> Elements(ref ByteReader reader, int depth)
    {
        byte header = reader.TakeByte();
        int count = header >> 4 == 15 ? reader.TakeCount() : header >> 4;
        // Every element takes at least one byte, so a longer list cannot be true.
        if (count > reader.Left)
            throw new InvalidDataException($"a list of {count} elements is longer than the file");
        var list = new List<object>(count);
        for (int i = 0; i < count; i++)
            list.Add((header & 0x0F) is 1 or 2 ? reader.TakeByte() == 1 : Value(ref reader, header & 0x0F, depth));
        return list;
    }
}
