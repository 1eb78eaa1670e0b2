using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Grokking.Host.Files;

namespace Grokking.Host.Checkpoints;

/// <summary>
/// Tensors on disk in the format that the ecosystem reads: 8 bytes of header length (little-endian), a JSON header, then the numbers without gaps.
/// Source: huggingface/safetensors, README.md, "Format".
/// </summary>
/// <remarks>
/// The same content gives the same bytes: tensors lie by size of their numbers, largest first, then by name, so that each is aligned; the header
/// is padded with spaces so that the numbers start at a multiple of 8. The first entry of `__metadata__` is <see cref="ChecksumKey"/>, the SHA-256
/// of the whole file with zeros in place of the checksum's 64 digits. A file of another program has none and is refused.
/// </remarks>
/// <param name="Metadata">Texts by key, in ordinal order, without the checksum.</param>
/// <param name="Tensors">The tensors, in file order.</param>
internal sealed record SafetensorsFile(ImmutableSortedDictionary<string, string> Metadata, ImmutableArray<StoredTensor> Tensors)
{
    /// <summary>The key of the checksum.</summary>
    internal const string ChecksumKey = "grokking.checksum";

    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = sizeof(long);
    private const int Alignment = 8;

    /// <summary>Finds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those that are there.</exception>
    public StoredTensor this[string name] => Tensors.FirstOrDefault(t => t.Name == name)
        ?? throw new KeyNotFoundException($"There is no tensor '{name}' among {string.Join(", ", Tensors.Select(t => t.Name))}.");

    /// <summary>Collects tensors for a file.</summary>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">Texts by key.</param>
    /// <returns>The content of the file.</returns>
    /// <exception cref="ArgumentException">A name is given twice or is reserved.</exception>
    public static SafetensorsFile Of(IEnumerable<StoredTensor> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ImmutableArray<StoredTensor> ordered =
            [.. tensors.OrderByDescending(t => StoredTensor.SizeOf(t.Kind)).ThenBy(t => t.Name, StringComparer.Ordinal)];
        if (ordered.GroupBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The tensor '{twice.Key}' is given twice.", nameof(tensors));
        if (ordered.Any(t => t.Name == MetadataKey))
            throw new ArgumentException($"'{MetadataKey}' is no name for a tensor.", nameof(tensors));
        ImmutableSortedDictionary<string, string> texts = metadata.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return texts.ContainsKey(ChecksumKey)
            ? throw new ArgumentException($"'{ChecksumKey}' is written by the file itself.", nameof(metadata))
            : new SafetensorsFile(texts, ordered);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="DamagedFileException">A bit of it is not as it was written.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>The file as bytes.</summary>
    /// <returns>The bytes.</returns>
    public byte[] ToBytes()
    {
        byte[] header = Header();
        var bytes = new byte[LengthBytes + header.Length + Tensors.Sum(t => t.Bytes.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, LengthBytes);
        int at = LengthBytes + header.Length;
        foreach (StoredTensor tensor in Tensors)
        {
            tensor.Bytes.Span.CopyTo(bytes.AsSpan(at));
            at += tensor.Bytes.Length;
        }

        Checksum.Seal(bytes, LengthBytes);
        return bytes;
    }

    /// <summary>Undoes <see cref="ToBytes"/>.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <returns>The content.</returns>
    /// <exception cref="DamagedFileException">A bit is not as it was written.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string path) => DamagedFileException.Guard(path, () =>
    {
        if (bytes.Length < LengthBytes)
            throw new InvalidDataException($"it has {bytes.Length} bytes, fewer than its first number takes");
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);
        if (length < 2 || length > bytes.Length - LengthBytes)
            throw new InvalidDataException($"its header is said to have {length} bytes, but only {bytes.Length - LengthBytes} follow");
        // Before anything is believed, the checksum: what is read afterwards is what was written.
        Checksum.Check(bytes.Span, LengthBytes);
        try
        {
            using JsonDocument header = JsonDocument.Parse(bytes.Slice(LengthBytes, (int)length));
            return FromHeader(header.RootElement, bytes[(LengthBytes + (int)length)..]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"its header cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    });

    private static SafetensorsFile FromHeader(JsonElement header, ReadOnlyMemory<byte> data)
    {
        var tensors = ImmutableArray.CreateBuilder<StoredTensor>();
        long end = 0;
        foreach (JsonProperty entry in header.EnumerateObject().Where(e => e.Name != MetadataKey))
        {
            TensorKind kind = Enum.Parse<TensorKind>(entry.Value.GetProperty("dtype").GetString()!);
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            (long start, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            var tensor = new StoredTensor(
                entry.Name,
                kind,
                [.. entry.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())],
                data[(int)start..checked((int)end)]);
            if (tensor.ElementCount * StoredTensor.SizeOf(kind) != tensor.Bytes.Length)
                throw new InvalidDataException($"the tensor '{entry.Name}' has {tensor.Bytes.Length} bytes, which its shape does not");
            tensors.Add(tensor);
        }

        if (end != data.Length)
            throw new InvalidDataException($"{data.Length} bytes of numbers are there where {end} were expected");
        return new SafetensorsFile(
            header.GetProperty(MetadataKey).EnumerateObject().Where(e => e.Name != ChecksumKey)
                .ToImmutableSortedDictionary(e => e.Name, e => e.Value.GetString()!, StringComparer.Ordinal),
            tensors.ToImmutable());
    }

    private byte[] Header()
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(MetadataKey);
            writer.WriteString(ChecksumKey, Checksum.Blank);
            foreach ((string key, string text) in Metadata)
                writer.WriteString(key, text);
            writer.WriteEndObject();
            long start = 0;
            foreach (StoredTensor tensor in Tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", tensor.Kind.ToString());
                writer.WriteStartArray("shape");
                foreach (long axis in tensor.Shape)
                    writer.WriteNumberValue(axis);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(start);
                writer.WriteNumberValue(start + tensor.Bytes.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
                start += tensor.Bytes.Length;
            }

            writer.WriteEndObject();
        }

        int padding = (Alignment - (json.WrittenCount % Alignment)) % Alignment;
        return [.. json.WrittenSpan, .. Encoding.ASCII.GetBytes(new string(' ', padding))];
    }

    /// <summary>The checksum at its fixed place: the first thing in the header.</summary>
    private static class Checksum
    {
        private const int Digits = 64;

        private static readonly byte[] Lead = Encoding.ASCII.GetBytes($"{{\"{MetadataKey}\":{{\"{ChecksumKey}\":\"");

        public static string Blank { get; } = new('0', Digits);

        public static void Seal(Span<byte> file, int headerStart) =>
            Of(file).CopyTo(file.Slice(headerStart + Lead.Length, Digits));

        public static void Check(ReadOnlySpan<byte> file, int headerStart)
        {
            int place = headerStart + Lead.Length;
            if (file.Length < place + Digits || !file[headerStart..place].SequenceEqual(Lead))
                throw new InvalidDataException("it does not start with a checksum, so this program did not write it, or not all of it");
            byte[] copy = file.ToArray();
            copy.AsSpan(place, Digits).Fill((byte)'0');
            if (!file.Slice(place, Digits).SequenceEqual(Of(copy)))
                throw new InvalidDataException("its content does not have the checksum that was written with it");
        }

        private static byte[] Of(ReadOnlySpan<byte> file) =>
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
    }
}
