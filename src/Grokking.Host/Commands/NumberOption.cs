using System.CommandLine;
using System.Globalization;

namespace Grokking.Host.Commands;

/// <summary>Options whose value is an integer, refused with a sentence that says what is allowed.</summary>
internal static class NumberOption
{
    /// <summary>Makes an option.</summary>
    /// <param name="name">Such as <c>--threads</c>.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="description">What it means.</param>
    /// <param name="helpName">The letter that stands for the value.</param>
    public static Option<long?> Create(string name, long low, long high, string description, string helpName = "N") => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high)
                return value;
            result.AddError($"{name} is {text}; it must be an integer from {low} to {high}.");
            return null;
        },
    };
}
