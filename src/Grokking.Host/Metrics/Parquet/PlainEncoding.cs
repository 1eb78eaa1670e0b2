using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Values one after the other: truth values as bits, numbers little-endian, texts as a 4-byte length and UTF-8.
/// Source: apache/parquet-format, Encodings.md, "Plain (PLAIN = 0)".
/// </summary>
internal static class PlainEncoding
{
    // A text with a lone surrogate has no UTF-8 form; writing something else silently would be a lie.
    private static readonly UTF8Encoding Utf8 = new(false, true);

    /// <summary>Encodes values.</summary>
    /// <param name="values">bool, int, long, float, double or string.</param>
    /// <param name="output">Where to.</param>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <exception cref="EncoderFallbackException">A text is not valid Unicode.</exception>
    public static void Encode<T>(ReadOnlySpan<T> values, IBufferWriter<byte> output)
    {
        if (typeof(T) == typeof(string))
        {
            foreach (T value in values)
                EncodeText((string)(object)value!, output);
        }
        else if (typeof(T) == typeof(bool))
        {
            EncodeBits(values, output);
        }
        else
        {
            EncodeNumbers(values, output);
        }
    }

    /// <summary>Decodes values.</summary>
    /// <typeparam name="T">bool, int, long, float, double or string.</typeparam>
    /// <param name="bytes">The bytes.</param>
    /// <param name="count">Number of values.</param>
    /// <returns>The values.</returns>
    /// <exception cref="InvalidDataException">The bytes end too early.</exception>
    public static T[] Decode<T>(ReadOnlySpan<byte> bytes, int count)
    {
        var reader = new ByteReader(bytes);
        if (typeof(T) == typeof(string))
        {
            // Every text takes at least its length, so a larger count cannot be true.
            if ((long)count * sizeof(int) > bytes.Length)
                throw new InvalidDataException($"{count} texts do not fit {bytes.Length} bytes");
            var texts = new string[count];
            for (int i = 0; i < count; i++)
                texts[i] = Encoding.UTF8.GetString(reader.Take(BinaryPrimitives.ReadInt32LittleEndian(reader.Take(sizeof(int)))));
            return (T[])(object)texts;
        }

        if (typeof(T) == typeof(bool))
        {
            ReadOnlySpan<byte> bits = reader.Take(BitPacking.BytesFor(count, 1));
            var truths = new bool[count];
            for (int i = 0; i < count; i++)
                truths[i] = ((bits[i >> 3] >> (i & 7)) & 1) != 0;
            return (T[])(object)truths;
        }

        ReadOnlySpan<byte> numbers = reader.Take((long)count * SizeOf<T>());
        var values = new T[count];
        for (int i = 0; i < count; i++)
            values[i] = Number<T>(numbers.Slice(i * SizeOf<T>(), SizeOf<T>()));
        return values;
    }

    private static void EncodeText(string text, IBufferWriter<byte> output)
    {
        int length = Utf8.GetByteCount(text);
        Span<byte> span = output.GetSpan(sizeof(int) + length);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        Utf8.GetBytes(text, span[sizeof(int)..]);
        output.Advance(sizeof(int) + length);
    }

    private static void EncodeBits<T>(ReadOnlySpan<T> values, IBufferWriter<byte> output)
    {
        int bytes = BitPacking.BytesFor(values.Length, 1);
        Span<byte> span = output.GetSpan(bytes)[..bytes];
        span.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            if ((bool)(object)values[i]!)
                span[i >> 3] |= (byte)(1 << (i & 7));
        }

        output.Advance(bytes);
    }

    private static void EncodeNumbers<T>(ReadOnlySpan<T> values, IBufferWriter<byte> output)
    {
        int bytes = values.Length * SizeOf<T>();
        Span<byte> span = output.GetSpan(bytes)[..bytes];
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> cell = span.Slice(i * SizeOf<T>(), SizeOf<T>());
            switch (values[i])
            {
                case int value: BinaryPrimitives.WriteInt32LittleEndian(cell, value); break;
                case long value: BinaryPrimitives.WriteInt64LittleEndian(cell, value); break;
                case float value: BinaryPrimitives.WriteSingleLittleEndian(cell, value); break;
                case double value: BinaryPrimitives.WriteDoubleLittleEndian(cell, value); break;
                default: throw new NotSupportedException($"{typeof(T).Name} is not a type of our columns.");
            }
        }

        output.Advance(bytes);
    }

    private static T Number<T>(ReadOnlySpan<byte> cell)
    {
        if (typeof(T) == typeof(int))
            return (T)(object)BinaryPrimitives.ReadInt32LittleEndian(cell);
        if (typeof(T) == typeof(long))
            return (T)(object)BinaryPrimitives.ReadInt64LittleEndian(cell);
        if (typeof(T) == typeof(float))
            return (T)(object)BinaryPrimitives.ReadSingleLittleEndian(cell);
        return (T)(object)BinaryPrimitives.ReadDoubleLittleEndian(cell);
    }

    private static int SizeOf<T>() => typeof(T) == typeof(int) || typeof(T) == typeof(float) ? sizeof(int) : sizeof(long);
}
