// p modulus, V = p + 2 vocabulary, K operands, T = 2K tokens, d and N widths, L layers, F factor of the feed-forward layers, B samples
using Grokking.Networks;

namespace Grokking.Host.Benchmarks;

/// <summary>
/// Floating-point operations that cannot be done without, two per multiply-add: what an implementation does beyond these does not count. A one-hot
/// input is looked up, not multiplied, and what is the same for all samples is computed once.
/// </summary>
/// <remarks>
/// Backward, each product is taken twice again: once for the gradient of either factor. Only the quadratic network's elementwise operations are
/// counted, as they always were; those of the others are few beside their products. Nor is the optimiser. In large batches of token sequences the first operand and the
/// sign after it count once for each residue: nothing before them tells samples apart that share it. Not counted as avoidable, though it is: the same of the first two of three operands.
/// </remarks>
internal static class Operations
{
    private const double ForwardAndBackward = 3;

    // The first operand and the sign after it.
    private const int SharedTokens = 2;

    /// <summary>Those of a training step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">B.</param>
    /// <exception cref="ArgumentException">Nobody has counted this network's.</exception>
    public static double OfStep(INetwork network, int samples) => network switch
    {
        // 6BNp for three products, and 7BN elementwise.
        QuadraticNetwork q => samples * ((ForwardAndBackward * Products(q)) + (7.0 * q.Width)),
        _ => ForwardAndBackward * OfLogits(network, samples),
    };

    /// <summary>Those of the logits alone.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">B.</param>
    /// <exception cref="ArgumentException">Nobody has counted this network's.</exception>
    public static double OfLogits(INetwork network, int samples) => network switch
    {
        QuadraticNetwork q => samples * (Products(q) + (2.0 * q.Width)),
        Transformer t => Math.Min(samples * PerSample(t), t.Operands > 1 ? Shared(t, samples) : double.PositiveInfinity),
        LongShortTermMemory m => Math.Min(OnceForAll(m) + (samples * PerSample(m)), m.Operands > 1 ? Shared(m, samples) : double.PositiveInfinity),
        MultilayerPerceptron { Input: PerceptronInput.Concatenated } m => OnceForAll(m) + (samples * PerSample(m)),
        _ => throw new ArgumentException($"Nobody has counted the operations of {network.GetType().Name}.", nameof(network)),
    };

    // The read-out; the first layer is looked up.
    private static double Products(QuadraticNetwork network) => 2.0 * network.Width * network.Modulus;

    // Queries, keys, values and output 8d² and feed-forward layers 4Fd² for each token; scores and weighted values 4d for each pair of a token and
    // one that it may see. Of the last block only = is read: keys and values of all tokens, the rest of that one alone.
    private static double PerSample(Transformer network)
    {
        (double d, double tokens, double factor) = (network.Width, 2.0 * network.Operands, network.FeedForwardFactor);
        double square = d * d;
        double block = (tokens * (8 + (4 * factor)) * square) + (tokens * (tokens + 1) / 2 * 4 * d);
        double last = (tokens * 4 * square) + ((4 + (4 * factor)) * square) + (tokens * 4 * d);
        return ((network.Layers - 1) * block) + last + ReadOut(network.Width, network.Modulus);
    }

    // The same where the first two tokens have a row for each residue, and the first block's queries, keys and values are looked up for all tokens: a row for each residue of each operand
    // and one for each sign. A product of a row and a matrix [d, d] is 2d².
    private static double Shared(Transformer network, int samples)
    {
        (double d, double tokens, double factor, double residues) = (network.Width, 2.0 * network.Operands, network.FeedForwardFactor, network.Modulus);
        double product = 2 * d * d, after = 1 + (2 * factor), own = tokens - SharedTokens;
        double lookedUp = network.Operands * (residues + 1);
        double once = 0, each = ReadOut(network.Width, network.Modulus);
        for (int layer = 0; layer < network.Layers; layer++)
        {
            bool isLast = layer == network.Layers - 1;
            once += layer == 0 ? ((2 * lookedUp) + (isLast ? 1 : lookedUp)) * product : SharedTokens * residues * (isLast ? 2 : 3) * product;
            each += layer == 0 ? 0 : ((2 * own) + (isLast ? 1 : own)) * product;
            once += isLast ? 0 : residues * ((SharedTokens * (SharedTokens + 1) / 2 * 4 * d) + (SharedTokens * after * product));
            each += ((isLast ? tokens : (tokens * (tokens + 1) / 2) - (SharedTokens * (SharedTokens + 1) / 2)) * 4 * d) + ((isLast ? 1 : own) * after * product);
        }

        return once + (samples * each);
    }

    // The four gates of a token of the vocabulary: 8d². Positions are added to the result.
    private static double OnceForAll(LongShortTermMemory network) => (network.Modulus + 2.0) * 8 * network.Width * network.Width;

    // The state before the first token is zero; what one layer hands to the next is another for every sample.
    private static double PerSample(LongShortTermMemory network)
    {
        double gates = 8.0 * network.Width * network.Width;
        double tokens = 2.0 * network.Operands;
        return (network.Layers * (tokens - 1) * gates) + ((network.Layers - 1) * tokens * gates) + ReadOut(network.Width, network.Modulus);
    }

    // The same where the first two tokens have a row for each residue.
    private static double Shared(LongShortTermMemory network, int samples)
    {
        double gates = 8.0 * network.Width * network.Width;
        double own = (2.0 * network.Operands) - SharedTokens;
        double once = (SharedTokens - 1) * network.Modulus * gates, each = own * gates;
        double further = network.Layers - 1;
        return OnceForAll(network) + once + (further * (once + (SharedTokens * network.Modulus * gates))) + (samples * (each + (further * 2 * each) + ReadOut(network.Width, network.Modulus)));
    }

    // The first layer's block of columns for each operand, for every residue.
    private static double OnceForAll(MultilayerPerceptron network) => 2.0 * network.Operands * network.Modulus * network.Width * network.Width;

    private static double PerSample(MultilayerPerceptron network) =>
        ((network.Layers - 1) * 2.0 * network.Width * network.Width) + ReadOut(network.Width, network.Modulus);

    private static double ReadOut(int width, int modulus) => 2.0 * width * (modulus + 2);
}
