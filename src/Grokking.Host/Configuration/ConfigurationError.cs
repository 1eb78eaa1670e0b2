namespace Grokking.Host.Configuration;

/// <summary>One thing that is wrong with a configuration: where, what was found there, and what is allowed.</summary>
/// <param name="Path">Where, such as <c>split.trainFraction</c>; the empty string is the whole document.</param>
/// <param name="Finding">What was found there, as the middle of a sentence: <c>is 1</c>, <c>is missing</c>.</param>
/// <param name="Allowed">What is allowed, as the end of a sentence after a semicolon.</param>
/// <param name="Nearest">The known name that was probably meant; the empty string where there is none.</param>
internal sealed record ConfigurationError(string Path, string Finding, string Allowed, string Nearest = "")
{
    /// <summary>A value that is not allowed.</summary>
    public static ConfigurationError NotAllowed(string path, string value, string allowed) => new(path, $"is {value}", $"it must be {allowed}");

    /// <summary>A value that ought to be there.</summary>
    public static ConfigurationError Missing(string path, string allowed) => new(path, "is missing", $"it must be {allowed}");

    /// <summary>A key or a name that nobody knows.</summary>
    public static ConfigurationError Unknown(string path, string name, string what, IEnumerable<string> known)
    {
        string[] names = [.. known];
        return new(path, $"has no {what} '{Excerpt.Of(name)}'", $"known: {string.Join(", ", names)}", NearestName.To(name, names));
    }

    /// <summary>A reason that is a sentence of its own.</summary>
    public static ConfigurationError Because(string path, string reason) => new(path, reason, "");

    /// <summary>The error as one sentence for people.</summary>
    public string Sentence => Excerpt.Printable(Allowed.Length == 0
        ? $"{Path}: {Finding}"
        : $"{(Path.Length == 0 ? "The configuration" : Path)} {Finding}; {(Nearest.Length == 0 ? "" : $"did you mean '{Nearest}'? ")}{Allowed}.");

    /// <inheritdoc/>
    public override string ToString() => Sentence;
}
