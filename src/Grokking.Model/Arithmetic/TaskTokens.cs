using System.Text;

namespace Grokking.Arithmetic;

/// <summary>The words, numbers and signs of a formula, one at a time.</summary>
internal sealed class TaskTokens(string source)
{
    public enum Kind
    {
        Number,
        Word,
        Sign,
        End,
    }

    /// <summary>One piece of the text, without the white space before it.</summary>
    public readonly record struct Token(Kind Kind, int Start, string Text)
    {
        /// <summary>How a message names the token.</summary>
        public string Description => Kind switch
        {
            Kind.End => "the end",
            Kind.Sign when Rune.GetRuneAt(Text, 0) is var sign && (Rune.IsControl(sign) || sign == Rune.ReplacementChar) =>
                $"the character U+{sign.Value:X4}",
            _ => $"'{Text}'",
        };
    }

    public Token Next(int position)
    {
        while (position < source.Length && char.IsWhiteSpace(source[position]))
        {
            position++;
        }
        if (position == source.Length)
        {
            return new Token(Kind.End, position, "");
        }
        if (char.IsAsciiDigit(source[position]))
        {
            return Taken(Kind.Number, position, char.IsAsciiDigit);
        }
        if (char.IsAsciiLetter(source[position]))
        {
            return Taken(Kind.Word, position, char.IsAsciiLetterOrDigit);
        }
        // A lone surrogate is no character; it is shown as the replacement character.
        return Rune.TryGetRuneAt(source, position, out Rune rune)
            ? new Token(Kind.Sign, position, rune.ToString())
            : new Token(Kind.Sign, position, "\uFFFD");
    }

    private Token Taken(Kind kind, int start, Func<char, bool> belongs)
    {
        int end = start;
        while (end < source.Length && belongs(source[end]))
        {
            end++;
        }
        return new Token(kind, start, source[start..end]);
    }
}
