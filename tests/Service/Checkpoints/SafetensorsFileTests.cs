using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Grokking.Host.Checkpoints;
using Grokking.Host.Files;
using Grokking.Service.Foreign;

namespace Grokking.Service.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tensors_and_texts_come_back_with_the_same_bits()
    {
        SafetensorsFile written = Sample();
        string path = folder.File("step-000000001.safetensors");
        File.WriteAllBytes(path, written.ToBytes());
        SafetensorsFile read = SafetensorsFile.Read(path);
        Assert.Equal(written.Metadata, read.Metadata);
        Assert.Equal(written.Tensors.Select(Describe), read.Tensors.Select(Describe));
        Assert.Equal([1f, float.NaN, -0.0f], read["w1"].Values<float>());
        Assert.Equal([long.MinValue], read["step"].Values<long>());
        Assert.Empty(read["nothing"].Values<double>());
        Assert.Equal(["step-000000001.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_in_any_order()
    {
        SafetensorsFile sample = Sample();
        byte[] bytes = sample.ToBytes();
        Assert.Equal(bytes, SafetensorsFile.Of(sample.Tensors.Reverse(), sample.Metadata.Reverse()).ToBytes());
        Assert.Equal(bytes, SafetensorsFile.Parse(bytes, "x").ToBytes());
        Assert.Equal(0, (8 + BitConverter.ToInt64(bytes)) % 8);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        byte[] bytes = Sample().ToBytes();
        for (int length = 0; length < bytes.Length; length++)
            AssertDamaged(bytes[..length]);
        AssertDamaged([.. bytes, 0]);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        byte[] bytes = Sample().ToBytes();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertDamaged(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(bytes, SafetensorsFile.Parse(bytes, "whole").ToBytes());
    }

    [Fact]
    public void Names_and_shapes_that_cannot_be_are_refused()
    {
        StoredTensor tensor = StoredTensor.Of<float>("w", [2], [1, 2]);
        Assert.Contains("'w' is given twice", Assert.Throws<ArgumentException>(() => SafetensorsFile.Of([tensor, tensor], [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Of([tensor with { Name = "__metadata__" }], []));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Of([tensor], [new(SafetensorsFile.ChecksumKey, "")]));
        Assert.Contains("[2, 3] was given 2 numbers", Assert.Throws<ArgumentException>(() => StoredTensor.Of<float>("w", [2, 3], [1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("among w", Assert.Throws<KeyNotFoundException>(() => SafetensorsFile.Of([tensor], [])["v"]).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => tensor.Values<double>());
    }

    [NodeFact]
    public async Task A_reader_that_is_not_ours_reads_the_same_bits()
    {
        SafetensorsFile sample = Sample();
        string path = folder.File("foreign.safetensors");
        File.WriteAllBytes(path, sample.ToBytes());
        JsonNode read = (await NodeReaders.AskAsync(folder, NodeReaders.Safetensors(path)))[0];
        ImmutableSortedDictionary<string, string> metadata = read["metadata"]!.AsObject().ToImmutableSortedDictionary(p => p.Key, p => p.Value!.ToString());
        Assert.Equal(sample.Metadata, metadata.Remove(SafetensorsFile.ChecksumKey));
        Assert.Equal(
            sample.Tensors.Select(Describe),
            read["tensors"]!.AsArray().Select(t => $"{t!["name"]} {t["dtype"]} [{string.Join(",", t["shape"]!.AsArray())}] {t["hex"]}"));
        Assert.All(read["tensors"]!.AsArray(), t => Assert.True((bool)t!["aligned"]!));
    }

    private static string Describe(StoredTensor t) =>
        $"{t.Name} {t.Kind} [{string.Join(",", t.Shape)}] {Convert.ToHexStringLower(t.Bytes.Span)}";

    private static void AssertDamaged(byte[] bytes)
    {
        DamagedFileException fault = Assert.Throws<DamagedFileException>(() => SafetensorsFile.Parse(bytes, "run/step.safetensors"));
        Assert.StartsWith("The file run/step.safetensors is damaged: ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
    }

    // An odd number of bytes before wider numbers, were it not for the order; every type; a scalar; an axis of length 0.
    private static SafetensorsFile Sample() => SafetensorsFile.Of(
        [
            StoredTensor.Of<byte>("order", [3], [1, 2, 255]),
            StoredTensor.Of<float>("w1", [1, 3], [1, float.NaN, -0.0f]),
            StoredTensor.Of<double>("w2", [2, 2], [double.NaN, double.NegativeInfinity, double.Epsilon, -0.0]),
            StoredTensor.Of<int>("labels", [2], [int.MinValue, 7]),
            StoredTensor.Of<long>("step", [], [long.MinValue]),
            StoredTensor.Of<ulong>("key", [2], [ulong.MaxValue, 1]),
            StoredTensor.Of<double>("nothing", [0, 5], []),
        ],
        [new("grokking.step", "12"), new("grokking.config", "{\"task\":\"x + y\",\"note\":\"ä🙂\"}"), new("empty", "")]);
}
