// A draw number i of a key (k, s) reads the block with counter (i, s) under the cipher key k. Children are blocks too, under
// k with one of three constants mixed in by exclusive or, so that no child is ever the same block as a draw.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Grokking.Randomness;

/// <summary>
/// Randomness as an immutable value. Every draw is a pure function of the key and a counter: nothing advances, threads need
/// no lock, and a saved key goes on exactly where it was. <see cref="Split(string)"/> makes independent keys for
/// independent purposes.
/// <para>Generator: Philox 4x32-10 (Salmon et al., SC 2011, doi 10.1145/2063384.2063405); 64 bits of cipher key and 64 bits of the
/// counter name the key, the other 64 bits of the counter number its blocks.</para>
/// <para>Draws of different kinds (uniform, normal, integer) under the same key and counter share bits: use one kind per key,
/// and split for the next.</para>
/// <para>Numerics: results are bitwise the same on every machine; normal numbers use only operations that IEEE 754 rounds exactly.</para>
/// </summary>
/// <param name="Cipher">The 64 bits that key the cipher.</param>
/// <param name="Stream">The 64 bits that fill the upper half of every counter.</param>
public readonly record struct RandomKey(ulong Cipher, ulong Stream)
{
    private const ulong SeedDomain = 0x082EFA98EC4E6C89;     // digits of pi: nothing up the sleeve
    private const ulong IndexDomain = 0x452821E638D01377;
    private const ulong PurposeDomain = 0xBE5466CF34E90C6C;
    private const ulong RetryDomain = 0xC0AC29B7C97C50DD;
    private const double Ulp = 1.0 / (1L << 53);

    /// <summary>The root of all randomness of a run. Different seeds give different keys.</summary>
    /// <param name="seed">Any number.</param>
    /// <returns>The key.</returns>
    public static RandomKey FromSeed(ulong seed)
    {
        (ulong cipher, ulong stream) = Philox.Block(SeedDomain, seed, 0);
        return new(cipher, stream);
    }

    /// <summary>The key for one purpose, independent of this key's draws and of its other children.</summary>
    /// <param name="purpose">Any text, one of <see cref="RandomPurpose"/> by habit; its UTF-8 bytes count.</param>
    /// <returns>The child.</returns>
    public RandomKey Split(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        byte[] bytes = Encoding.UTF8.GetBytes(purpose);
        RandomKey child = Child(PurposeDomain, (ulong)bytes.Length);
        foreach (byte[] chunk in bytes.Chunk(sizeof(ulong)))
        {
            ulong word = 0;
            for (int i = chunk.Length - 1; i >= 0; i--)
            {
                word = (word << 8) | chunk[i];
            }
            child = child.Child(PurposeDomain, word);
        }
        return child;
    }

    /// <summary>The key for one of many like things: an epoch, a step, a shard.</summary>
    /// <param name="index">Which one.</param>
    /// <returns>The child.</returns>
    public RandomKey Split(ulong index) => Child(IndexDomain, index);

    /// <summary>64 uniformly random bits.</summary>
    /// <param name="counter">The draw's number.</param>
    /// <returns>The bits.</returns>
    public ulong Bits(ulong counter)
    {
        (ulong low, ulong high) = Philox.Block(Cipher, counter >> 1, Stream);
        return (counter & 1) == 0 ? low : high;
    }

    /// <summary>128 uniformly random bits, those of the draws 2 <paramref name="number"/> and 2 <paramref name="number"/> + 1 of <see cref="Bits"/>.</summary>
    /// <param name="number">The block's number.</param>
    internal (ulong Low, ulong High) Block(ulong number) => Philox.Block(Cipher, number, Stream);

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    /// <param name="counter">The draw's number.</param>
    /// <returns>The number.</returns>
    public double Uniform(ulong counter) => (Bits(counter) >> 11) * Ulp;

    /// <summary>A standard normal number, N(0, 1), by the method of Box and Muller; |z| &lt; 8.6.</summary>
    /// <param name="counter">The draw's number; 2i and 2i+1 are the two halves of one pair, and independent.</param>
    /// <returns>The number.</returns>
    public double Normal(ulong counter)
    {
        (double cosine, double sine) = NormalPair(counter >> 1);
        return (counter & 1) == 0 ? cosine : sine;
    }

    /// <summary>
    /// An integer in 0 … <paramref name="bound"/>-1, each exactly equally likely: a multiplication whose remainder is rejected
    /// where it would favour some values (Lemire, "Fast random integer generation in an interval", 2019, arXiv 1805.10941).
    /// </summary>
    /// <param name="bound">How many values there are, at least 1.</param>
    /// <param name="counter">The draw's number.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int Below(int bound, ulong counter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        UInt128 product = (UInt128)Bits(counter) * (ulong)bound;
        RandomKey retry = this;
        // The rejected remainders are those below 2^64 mod bound; the first comparison spares nearly every draw the division.
        while ((ulong)product < (ulong)bound && (ulong)product < (0UL - (ulong)bound) % (ulong)bound)
        {
            retry = retry.Child(RetryDomain, counter);
            product = (UInt128)retry.Bits(counter) * (ulong)bound;
        }
        return (int)(product >> 64);
    }

    /// <summary>All of 0 … <paramref name="count"/>-1 in an order of which each is equally likely (Fisher and Yates).</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <returns>The permutation, of length <paramref name="count"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public ImmutableArray<int> Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int last = count - 1; last > 0; last--)
        {
            int other = Below(last + 1, (ulong)last);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return [.. order];
    }

    /// <summary>Fills a buffer with the normal numbers of the counters <paramref name="start"/>, start + 1, …</summary>
    /// <param name="destination">Where they go.</param>
    /// <param name="start">The first counter: a buffer filled in parts equals the buffer filled at once.</param>
    internal void FillNormal(Span<double> destination, ulong start)
    {
        int i = 0;
        if ((start & 1) == 1 && destination.Length > 0)
        {
            destination[i++] = Normal(start);
        }
        for (; i + 1 < destination.Length; i += 2)
        {
            (destination[i], destination[i + 1]) = NormalPair((start + (ulong)i) >> 1);
        }
        if (i < destination.Length)
        {
            destination[i] = Normal(start + (ulong)i);
        }
    }

    /// <summary>The key as 32 hexadecimal digits: the cipher's 16, then the stream's 16.</summary>
    /// <returns>The text that <see cref="Parse"/> reads.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cipher:x16}{Stream:x16}");

    /// <summary>Reads a key that <see cref="ToString"/> wrote.</summary>
    /// <param name="text">32 hexadecimal digits.</param>
    /// <returns>The key, or why the text is none.</returns>
    public static Result<RandomKey> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 32 && text.All(char.IsAsciiHexDigit)
            ? Result.Success(new RandomKey(Word(text[..16]), Word(text[16..])))
            : Result.Failure<RandomKey>("A random key is written as exactly 32 hexadecimal digits.");

        static ulong Word(string digits) => ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private RandomKey Child(ulong domain, ulong number)
    {
        (ulong cipher, ulong stream) = Philox.Block(Cipher ^ domain, number, Stream);
        return new(cipher, stream);
    }

    private (double Cosine, double Sine) NormalPair(ulong block)
    {
        (ulong low, ulong high) = Philox.Block(Cipher, block, Stream);
        return BoxMuller.Pair(((low >> 11) + 1) * Ulp, (high >> 11) * Ulp);
    }
}
