using Grokking.Host.Checkpoints;

namespace Grokking.Service.Checkpoints;

public sealed class DurableFileTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = folder.File("run.json");
        DurableFile.WriteText(path, "old");
        Assert.Throws<IOException>(() => DurableFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("disk full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
        DurableFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_file_that_must_not_be_replaced_is_not()
    {
        string path = folder.File("part.parquet");
        DurableFile.Write(path, s => s.Write("first"u8), overwrite: false);
        Assert.Throws<IOException>(() => DurableFile.Write(path, s => s.Write("second"u8), overwrite: false));
        Assert.Equal("first", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_content_is_written_beside_its_place_under_a_name_that_no_pattern_finds()
    {
        string path = folder.File("part-000001.parquet");
        DurableFile.Write(path, _ => Assert.Equal([DurableFile.TemporaryFor(path)], Directory.GetFiles(folder.Path)));
        Assert.Equal(".part-000001.parquet.tmp", Path.GetFileName(DurableFile.TemporaryFor(path)));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error()
    {
        Assert.Throws<DirectoryNotFoundException>(() => DurableFile.WriteText(folder.File("absent", "x"), ""));
        if (!OperatingSystem.IsWindows())
            Assert.Throws<IOException>(() => DurableFile.FlushDirectory(folder.File("absent")));
        DurableFile.FlushDirectory(folder.Path);
    }
}
