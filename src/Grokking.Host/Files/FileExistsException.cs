namespace Grokking.Host.Files;

/// <summary>A file that was to be new is there: somebody else made it.</summary>
/// <param name="message">Which.</param>
internal sealed class FileExistsException(string message) : IOException(message);
