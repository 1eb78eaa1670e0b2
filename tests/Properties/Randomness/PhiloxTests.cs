using System.Globalization;
using Grokking.Randomness;

namespace Grokking.Properties.Randomness;

/// <summary>The generator is the published one, not one that resembles it.</summary>
public sealed class PhiloxTests
{
    // The vectors "philox4x32 10" of the file kat_vectors that the paper's authors publish with Random123.
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Known_answers_of_the_authors_are_reproduced(string counter, string key, string output)
    {
        ulong[] c = Words(counter), k = Words(key), expected = Words(output);
        (ulong low, ulong high) = Philox.Block(k[0], c[0], c[1]);
        Assert.Equal((expected[0], expected[1]), (low, high));
    }

    private static ulong[] Words(string text)
    {
        uint[] words = [.. text.Split(' ').Select(word => uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        return [.. words.Chunk(2).Select(pair => pair[0] | ((ulong)pair[1] << 32))];
    }
}
