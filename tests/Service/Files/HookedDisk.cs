using Grokking.Host.Files;

namespace Grokking.Service.Files;

/// <summary>A disk that a test can break: something happens before each call.</summary>
internal sealed class HookedDisk(Action<FileCall, string> before) : Disk
{
    public override void Before(FileCall call, string path) => before(call, path);
}
