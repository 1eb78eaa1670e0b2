// The names below are the paper's: a round multiplies two of the four counter words by fixed odd constants, keeps the low
// halves, and mixes the high halves with the other two words and the round key; the round key moves on by a Weyl sequence.
using System.Runtime.CompilerServices;

namespace Grokking.Randomness;

/// <summary>
/// Philox 4x32 with ten rounds: a keyed bijection of 128-bit blocks whose output passes for random.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, doi 10.1145/2063384.2063405,
/// section 4.3; checked against the known answers that its authors publish with Random123.
/// </summary>
internal static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The block at one counter under one key.</summary>
    /// <param name="key">Key words k0 (low half) and k1 (high half).</param>
    /// <param name="low">Counter words c0 (low half) and c1 (high half).</param>
    /// <param name="high">Counter words c2 (low half) and c3 (high half).</param>
    /// <returns>Output words 0 and 1, then 2 and 3, packed in the same way.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Low, ulong High) Block(ulong key, ulong low, ulong high)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        uint c0 = (uint)low, c1 = (uint)(low >> 32), c2 = (uint)high, c3 = (uint)(high >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            c3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32));
    }
}
