using Grokking.Host.Files;

namespace Grokking.Service.Files;

/// <summary>What is published is there whole or not at all.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = folder.File("run.json");
        Disk.Real.PublishText(path, "old");
        Assert.Throws<IOException>(() => Disk.Real.Publish(path, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("disk full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
        Disk.Real.PublishText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_file_that_must_not_be_replaced_is_not()
    {
        string path = folder.File("part.parquet");
        Disk.Real.PublishText(path, "first", overwrite: false);
        Assert.Throws<FileExistsException>(() => Disk.Real.PublishText(path, "second", overwrite: false));
        Assert.Equal("first", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Of_many_who_publish_the_same_new_file_at_once_one_succeeds()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = folder.File($"lease-{round}");
            int[] winners = [.. Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Where(each =>
            {
                try
                {
                    Disk.Real.PublishText(path, $"{each}", overwrite: false);
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            })];
            Assert.Equal($"{Assert.Single(winners)}", File.ReadAllText(path));
        }
    }

    [Fact]
    public void The_content_is_written_beside_its_place_under_a_name_that_no_pattern_finds()
    {
        Disk.Real.Publish(folder.File("part-000001.parquet"), _ =>
        {
            string unfinished = Assert.Single(Directory.GetFiles(folder.Path));
            Assert.True(Disk.IsTemporary(unfinished));
            Assert.Matches(@"^\.part-000001\.parquet\.[0-9A-F]{8}\.tmp$", Path.GetFileName(unfinished));
        });
        Assert.False(Disk.IsTemporary(Assert.Single(Directory.GetFiles(folder.Path))));
    }

    [Fact]
    public void What_was_never_published_is_swept_and_nothing_else()
    {
        foreach (string name in new[] { ".run.json.00000001.tmp", "run.tmp", ".lease-000001", "run.json" })
            File.WriteAllText(folder.File(name), "");
        Disk.Real.Sweep(folder.Path);
        Assert.Equal([".lease-000001", "run.json", "run.tmp"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error()
    {
        Assert.Throws<DirectoryNotFoundException>(() => Disk.Real.PublishText(folder.File("absent", "x"), ""));
        if (!OperatingSystem.IsWindows())
            Assert.Throws<IOException>(() => Disk.Real.FlushDirectory(folder.File("absent")));
        Disk.Real.FlushDirectory(folder.Path);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void Every_byte_arrives_in_its_order_whatever_the_pieces(int length)
    {
        var random = new Random(length);
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        Disk.Real.Publish(folder.File("bytes"), stream =>
        {
            for (int at = 0; at < length;)
            {
                int piece = Math.Min(length - at, random.Next(1, 70_000));
                stream.Write(bytes.AsSpan(at, piece));
                at += piece;
                Assert.Equal(at, stream.Position);
            }
        });
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("bytes")));
    }
}
