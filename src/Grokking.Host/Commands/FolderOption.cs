using System.CommandLine;

namespace Grokking.Host.Commands;

/// <summary>Options whose value is a folder; the empty word names none.</summary>
internal static class FolderOption
{
    /// <summary>Refuses the empty word.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The same option.</returns>
    public static Option<T> Checked<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{option.Name} is empty; it must name a folder.");
        });
        return option;
    }
}
