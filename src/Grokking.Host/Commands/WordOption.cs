using System.CommandLine;
using System.CommandLine.Parsing;

namespace Grokking.Host.Commands;

/// <summary>Options whose value is one of a few words.</summary>
internal static class WordOption
{
    /// <summary>Makes the option; another word is refused with the nearest one and all of them.</summary>
    /// <param name="name">The option, such as <c>--from</c>.</param>
    /// <param name="words">The words that are allowed.</param>
    /// <param name="otherwise">The word where none is given.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="helpName">What the value is called in the help.</param>
    public static Option<string> Create(string name, IReadOnlyCollection<string> words, string otherwise, string description, string helpName)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => otherwise };
        option.AcceptWords(words);
        return option;
    }

    /// <summary>Refuses other words.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">The words that are allowed.</param>
    public static void AcceptWords<T>(this Option<T> option, IReadOnlyCollection<string> words)
    {
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value).Where(word => !words.Contains(word)))
            {
                string nearest = NearestName.To(word, words);
                result.AddError($"{option.Name} is '{word}'; it must be one of {string.Join(", ", words)}.{(nearest.Length > 0 ? $" Did you mean '{nearest}'?" : "")}");
            }
        });
    }

    /// <summary>The word as it was written, right or wrong, for checks of how options go together.</summary>
    public static string Written(this SymbolResult result, Option<string> option, string otherwise) =>
        result.GetResult(option)?.Tokens is [.., var word] ? word.Value : otherwise;
}
