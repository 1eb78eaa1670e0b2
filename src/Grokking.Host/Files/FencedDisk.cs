namespace Grokking.Host.Files;

/// <summary>
/// A disk in the hands of somebody who may have lost the right to it without knowing: before each call by which others would see a change, the right is checked.
/// </summary>
/// <param name="inner">The disk.</param>
/// <param name="check">Throws where the right is lost.</param>
internal sealed class FencedDisk(Disk inner, Action check) : Disk
{
    /// <inheritdoc/>
    public override void Before(FileCall call, string path)
    {
        if (call is FileCall.Create or FileCall.Move or FileCall.Delete)
            check();
        inner.Before(call, path);
    }

    /// <inheritdoc/>
    public override int Accepted(string path, int bytes) => inner.Accepted(path, bytes);
}
