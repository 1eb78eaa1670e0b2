using System.Collections.Immutable;
using Grokking.Randomness;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>Factors of dropout: 0 with probability <paramref name="rate"/>, else 1/(1 − rate), each element by itself.</summary>
        /// <param name="draws">Where the randomness comes from.</param>
        /// <param name="layer">Which of a network's dropouts it is.</param>
        /// <param name="shape">The shape.</param>
        /// <param name="rate">In [0, 1).</param>
        public static T Survivors<T>(Draws draws, int layer, Shape shape, double rate)
            where T : ITensor<T> => T.Apply(new Survivors(draws, layer, shape, rate));
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>
    /// The factors of dropout: each element by itself is 0 with probability q and otherwise 1/(1 − q), so that its mean is 1. Element i, in row-major
    /// order, depends on the key, the layer and i alone.
    /// </summary>
    /// <remarks>Source: Srivastava et al., "Dropout", JMLR 15 (2014), section 10, in the form that scales in training. q is rounded to a multiple of 2⁻³².</remarks>
    /// <param name="Draws">The key.</param>
    /// <param name="Layer">Which of a network's dropouts it is; each draws for itself.</param>
    /// <param name="Drawn">The shape.</param>
    /// <param name="Rate">q, in [0, 1).</param>
    public sealed record Survivors(Draws Draws, int Layer, Shape Drawn, double Rate) : Constant
    {
        /// <inheritdoc/>
        public override string Name => FormattableString.Invariant($"Survivors({Rate})");

        /// <inheritdoc/>
        public override Shape Shape => Drawn;

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var values = new double[Drawn.Count];
            Write(Key(Draws), Factor, values, 0);
            return Dense.Own(Drawn, values);
        }

        /// <summary>1/(1 − q).</summary>
        internal double Factor => 1 / (1 - Rate);

        /// <summary>q in units of 2⁻³²: an element is 0 where its word is below.</summary>
        internal ulong Threshold => (ulong)Math.Round(Rate * (1L << 32));

        /// <summary>The elements from a place on, without allocating.</summary>
        /// <param name="key">The key of the draws.</param>
        /// <param name="factor"><see cref="Factor"/>, rounded.</param>
        /// <param name="values">Where they go.</param>
        /// <param name="start">The place of the first one in row-major order.</param>
        internal void Write<T>(RandomKey key, T factor, Span<T> values, ulong start)
            where T : struct
        {
            var layer = key.Split((ulong)Layer);
            var threshold = Threshold;
            var (low, high) = layer.Block(start >> 2);
            for (var i = 0; i < values.Length; i++)
            {
                var place = start + (ulong)i;
                if ((place & 3) == 0)
                {
                    (low, high) = layer.Block(place >> 2);
                }

                var word = (uint)(((place & 2) == 0 ? low : high) >> ((place & 1) == 0 ? 0 : 32));
                values[i] = word < threshold ? default : factor;
            }
        }

        /// <summary>The key of draws that must be known by now.</summary>
        internal static RandomKey Key(Draws draws) => draws switch
        {
            Draws.Known known => known.Key,
            Draws.Named named => throw new InvalidOperationException($"The draws '{named.Name}' have no key yet: a reading in numbers needs one."),
            _ => throw new ArgumentException("Draws are Known or Named.", nameof(draws)),
        };
    }
}
