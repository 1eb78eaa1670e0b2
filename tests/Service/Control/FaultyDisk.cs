using Grokking.Host.Files;

namespace Grokking.Service.Control;

/// <summary>How a <see cref="FaultyDisk"/> fails.</summary>
public enum DiskFault
{
    /// <summary>The call reports an error and does nothing.</summary>
    Error,

    /// <summary>Of what is written half arrives, and then there is no space; any other call reports an error.</summary>
    ShortWrite,
}

/// <summary>A disk that counts its calls and fails at one of them, or from one of them on.</summary>
internal sealed class FaultyDisk(DiskFault fault, int at, bool forever) : Disk
{
    private int calls;
    private bool isShort;

    /// <summary>How many calls there were.</summary>
    public int Calls => calls;

    public override void Before(FileCall call, string path)
    {
        int number = Interlocked.Increment(ref calls);
        if (forever ? number < at : number != at)
            return;
        if (fault == DiskFault.ShortWrite && call == FileCall.Write)
            isShort = true;
        else
            throw new IOException($"The disk fails at call {number}, {call} of {path}.");
    }

    public override int Accepted(string path, int bytes)
    {
        if (!isShort)
            return bytes;
        isShort = forever;
        return bytes / 2;
    }
}
