namespace Grokking.Host.Files;

/// <summary>A new file that is being written, through a buffer; every call that reaches the operating system is one of the disk's.</summary>
internal sealed class DiskFile : Stream
{
    private readonly Disk disk;
    private readonly string path;
    private readonly FileStream file;
    private readonly byte[] buffer = new byte[1 << 16];
    private int buffered;

    /// <summary>Opens it; it must not be there yet.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">Its place.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public DiskFile(Disk disk, string path)
    {
        disk.Before(FileCall.Create, path);
        (this.disk, this.path) = (disk, path);
        file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => file.Length + buffered;

    /// <inheritdoc/>
    public override long Position
    {
        get => file.Position + buffered;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > buffer.Length - buffered)
            Flush();
        if (bytes.Length > buffer.Length)
        {
            HandOver(bytes);
        }
        else
        {
            bytes.CopyTo(buffer.AsSpan(buffered));
            buffered += bytes.Length;
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] bytes, int offset, int count) => Write(bytes.AsSpan(offset, count));

    /// <summary>Hands what is buffered to the operating system: it survives this process.</summary>
    public override void Flush()
    {
        int count = buffered;
        // What could not be written is not tried again: half of it may be in the file.
        buffered = 0;
        if (count > 0)
            HandOver(buffer.AsSpan(0, count));
    }

    /// <summary>Has everything that was written reach the medium: it survives a power loss.</summary>
    /// <exception cref="IOException">The disk is full or reports an error.</exception>
    public void FlushToMedium()
    {
        Flush();
        disk.Before(FileCall.FlushFile, path);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing)
                Flush();
        }
        finally
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }

    private void HandOver(ReadOnlySpan<byte> bytes)
    {
        disk.Before(FileCall.Write, path);
        int accepted = disk.Accepted(path, bytes.Length);
        file.Write(bytes[..accepted]);
        if (accepted < bytes.Length)
            throw new IOException($"There is no space left on the disk for {path}.");
    }
}
