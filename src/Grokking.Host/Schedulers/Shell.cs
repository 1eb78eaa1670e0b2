namespace Grokking.Host.Schedulers;

/// <summary>Words as a POSIX shell reads them.</summary>
internal static class Shell
{
    private const string Plain = "/._-+=:,@%";

    /// <summary>A word that the shell takes as it is, whatever stands in it.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(sign => char.IsAsciiLetterOrDigit(sign) || Plain.Contains(sign))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Several words in a row.</summary>
    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
