using System.Buffers;
using System.Text;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Writes structures in Thrift's compact protocol, the form of Parquet's footer and page headers.
/// Source: apache/thrift, doc/specs/thrift-compact-protocol.md.
/// </summary>
/// <param name="output">Where the bytes go.</param>
internal sealed class ThriftCompactWriter(IBufferWriter<byte> output)
{
    // Type numbers of the protocol; a truth value's type is its value.
    private const byte True = 1, False = 2, Byte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Binary = 8, List = 9, Structure = 12;

    private readonly Stack<short> enclosing = new();
    private short lastField;

    /// <summary>Types of list elements.</summary>
    internal enum Element : byte
    {
        /// <summary>32-bit integers and enumerations.</summary>
        Int32 = ThriftCompactWriter.Int32,

        /// <summary>Texts and byte strings.</summary>
        Binary = ThriftCompactWriter.Binary,

        /// <summary>Structures.</summary>
        Structure = ThriftCompactWriter.Structure,
    }

    /// <summary>A truth value.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, bool value) => Header(field, value ? True : False);

    /// <summary>An 8-bit integer.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, sbyte value)
    {
        Header(field, Byte);
        Raw((byte)value);
    }

    /// <summary>A 16-bit integer.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, short value)
    {
        Header(field, Int16);
        ZigZag(value);
    }

    /// <summary>A 32-bit integer or an enumeration.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, int value)
    {
        Header(field, Int32);
        ZigZag(value);
    }

    /// <summary>A 64-bit integer.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, long value)
    {
        Header(field, Int64);
        ZigZag(value);
    }

    /// <summary>A text.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A byte string.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">Its value.</param>
    public void Field(short field, ReadOnlySpan<byte> value)
    {
        Header(field, Binary);
        Bytes(value);
    }

    /// <summary>Opens a structure that is a field. <see cref="End"/> closes it.</summary>
    /// <param name="field">The field's number.</param>
    public void BeginStructure(short field)
    {
        Header(field, Structure);
        BeginElement();
    }

    /// <summary>A structure without fields.</summary>
    /// <param name="field">The field's number.</param>
    public void EmptyStructure(short field)
    {
        BeginStructure(field);
        End();
    }

    /// <summary>Opens a structure that is an element of a list, or the outermost one. <see cref="End"/> closes it.</summary>
    public void BeginElement()
    {
        enclosing.Push(lastField);
        lastField = 0;
    }

    /// <summary>Closes the innermost structure.</summary>
    public void End()
    {
        Raw(0);
        lastField = enclosing.Pop();
    }

    /// <summary>Opens a list; exactly <paramref name="count"/> elements follow, and nothing closes it.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="element">The elements' type.</param>
    /// <param name="count">Their number.</param>
    public void BeginList(short field, Element element, int count)
    {
        Header(field, List);
        if (count < 15)
        {
            Raw((byte)((count << 4) | (byte)element));
            return;
        }

        Raw((byte)(0xF0 | (byte)element));
        output.WriteUnsigned((ulong)count);
    }

    /// <summary>An integer in a list.</summary>
    /// <param name="value">Its value.</param>
    public void Item(int value) => ZigZag(value);

    /// <summary>A text in a list.</summary>
    /// <param name="value">Its value.</param>
    public void Item(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    private void Header(short field, byte type)
    {
        int delta = field - lastField;
        if (delta is > 0 and <= 15)
        {
            Raw((byte)((delta << 4) | type));
        }
        else
        {
            Raw(type);
            ZigZag(field);
        }

        lastField = field;
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        output.WriteUnsigned((ulong)value.Length);
        output.Write(value);
    }

    private void Raw(byte value) => output.Write([value]);

    private void ZigZag(long value) => output.WriteSigned(value);
}
