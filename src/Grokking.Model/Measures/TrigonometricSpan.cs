using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Measures;

// p modulus, V classes, (a, b) operands, c class, s = a + b mod p, d = a + b − c mod p, k frequency, ω = 2πk/p

/// <summary>
/// The logits L(a, b, c) of all p² pairs of operands, and what of them lies in the waves of a + b, as a network that computes a + b by trigonometry has it
/// (arXiv 2301.05217).
/// </summary>
/// <remarks>
/// The directions of frequency k are the unit vectors along cos ω(a + b) and sin ω(a + b) over the pairs, k = 1 … ⌊p/2⌋; for even p the sine of
/// k = p/2 vanishes and is skipped. A projection on them needs the mean over the pairs with the same sum only, so that the work grows as p³.
/// </remarks>
public sealed class TrigonometricSpan
{
    private readonly Dense logits;
    private readonly double[] classMeans;
    private readonly Spectrum sums;
    private readonly Spectrum differences;

    private TrigonometricSpan(Dense logits, int modulus, int classes)
    {
        (this.logits, Modulus, Classes) = (logits, modulus, classes);
        var means = new double[classes * modulus];
        var aligned = new double[modulus];
        classMeans = new double[classes];
        var span = logits.Span;
        for (var pair = 0; pair < modulus * modulus; pair++)
        {
            var s = ((pair / modulus) + (pair % modulus)) % modulus;
            for (var c = 0; c < classes; c++)
            {
                means[(c * modulus) + s] += span[(pair * classes) + c] / modulus;
            }
        }

        for (var c = 0; c < classes; c++)
        {
            for (var s = 0; s < modulus; s++)
            {
                classMeans[c] += means[(c * modulus) + s] / modulus;
                aligned[(s + modulus - (c % modulus)) % modulus] += c < modulus ? means[(c * modulus) + s] / modulus : 0;
            }
        }

        sums = Spectrum.Of(means, classes, modulus, modulus, 1);
        differences = Spectrum.Of(aligned, 1, modulus, modulus, 1);
    }

    /// <summary>p.</summary>
    public int Modulus { get; }

    /// <summary>V: p, or more where the network can also answer with a sign.</summary>
    public int Classes { get; }

    /// <summary>The frequencies that there are: 1 … ⌊p/2⌋.</summary>
    public ImmutableArray<int> Frequencies => [.. Enumerable.Range(1, Modulus / 2)];

    /// <summary>The mean of every class's logit over all pairs.</summary>
    public ImmutableArray<double> ClassMeans => [.. classMeans];

    /// <summary>Takes logits apart.</summary>
    /// <param name="modulus">p.</param>
    /// <param name="logits">[p², V], the pair (a, b) in row p a + b, the class a + b in column a + b.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static TrigonometricSpan Of(int modulus, Dense logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.Shape.Rank == 2 && logits.Shape[0] == modulus * modulus && logits.Shape[1] >= modulus
            ? new(logits, modulus, logits.Shape[1])
            : throw new ArgumentException($"The logits of all pairs modulo {modulus} are {modulus * modulus} rows of at least {modulus}, not {logits.Shape}.", nameof(logits));
    }

    /// <summary>‖P_k L‖², the squared norm of the part in the directions of a frequency.</summary>
    /// <param name="frequency">k, in 1 … ⌊p/2⌋.</param>
    public double Power(int frequency)
    {
        RequireFrequency(frequency);
        // Σ over the pairs is p times that over the sums, where Parseval has 1/p.
        return sums.Multiplicity(frequency) * Enumerable.Range(0, Classes).Sum(c => sums.Power(c, frequency));
    }

    /// <summary>
    /// The frequencies that matter to these logits, strongest first: as few as hold so much of the power of all. [Our choice, for networks whose neurons are
    /// not looked at; see <see cref="KeyFrequencies"/>.]
    /// </summary>
    /// <param name="share">In (0, 1].</param>
    public ImmutableArray<int> Strongest(double share)
    {
        var ordered = Frequencies.Select(k => (Frequency: k, Power: Power(k))).OrderByDescending(each => each.Power).ToImmutableArray();
        var (wanted, held) = (share * ordered.Sum(each => each.Power), 0.0);
        return [.. ordered.TakeWhile(each => held < wanted && (held += each.Power) > 0).Select(each => each.Frequency)];
    }

    /// <summary>Σ_k P_k L: what of the logits lies in the directions of these frequencies, [p², V].</summary>
    public Dense Projection(ImmutableArray<int> frequencies)
    {
        var table = Waves(sums, frequencies);
        return Each((pair, c) => table[(c * Modulus) + (((pair / Modulus) + (pair % Modulus)) % Modulus)]);
    }

    /// <summary>The logits of the key frequencies alone, with every class's mean over all pairs added back: what the restricted (trig) loss is of.</summary>
    public Dense Restricted(ImmutableArray<int> frequencies)
    {
        var projection = Projection(frequencies);
        return Each((pair, c) => projection.Span[(pair * Classes) + c] + classMeans[c]);
    }

    /// <summary>The logits without these frequencies: what the excluded loss, on training samples, is of.</summary>
    public Dense Excluded(ImmutableArray<int> frequencies) => logits - Projection(frequencies);

    /// <summary>
    /// The generalising part of the right class's logit, the same for every pair: what of the logits lies in cos ω(a + b − c) and sin ω(a + b − c), taken at
    /// c = a + b. What is left of a logit is the memorising part. (Biased, as arXiv 2309.02390 says of its own: what memorising has there by chance is counted here.)
    /// </summary>
    public double GeneralisingLogit(ImmutableArray<int> frequencies) => Waves(differences, frequencies)[0];

    /// <summary>
    /// The share of the logits' squared norm in the span of cos ω(a + b − c) and sin ω(a + b − c), in [0, 1]; signs are left out, and every pair's mean over
    /// the classes, which no answer depends on, is taken out before. NaN where nothing is left.
    /// </summary>
    public double Share(ImmutableArray<int> frequencies)
    {
        var inside = Waves(differences, frequencies).Sum(value => value * value) * Modulus * Modulus;
        var all = 0.0;
        for (var pair = 0; pair < Modulus * Modulus; pair++)
        {
            var row = logits.Span.Slice(pair * Classes, Modulus);
            var mean = 0.0;
            foreach (var value in row)
            {
                mean += value / Modulus;
            }

            foreach (var value in row)
            {
                all += (value - mean) * (value - mean);
            }
        }

        return inside / all;
    }

    /// <summary>The waves of some frequencies in each row of a transform, along the row.</summary>
    private double[] Waves(Spectrum spectrum, ImmutableArray<int> frequencies)
    {
        var values = new double[spectrum.Rows * Modulus];
        foreach (var k in frequencies.Distinct())
        {
            RequireFrequency(k);
            for (var row = 0; row < spectrum.Rows; row++)
            {
                var at = (row * spectrum.Frequencies) + k;
                var factor = spectrum.Multiplicity(k) / (double)Modulus;
                var (cosine, sine) = (factor * spectrum.Real.Span[at], -factor * spectrum.Imaginary.Span[at]);
                for (var s = 0; s < Modulus; s++)
                {
                    var (sin, cos) = double.SinCosPi(2.0 * ((long)k * s % Modulus) / Modulus);
                    values[(row * Modulus) + s] += (cosine * cos) + (sine * sin);
                }
            }
        }

        return values;
    }

    private Dense Each(Func<int, int, double> element)
    {
        var values = new double[logits.Shape.Count];
        for (var place = 0; place < values.Length; place++)
        {
            values[place] = element(place / Classes, place % Classes);
        }

        return Dense.Own(logits.Shape, values);
    }

    private void RequireFrequency(int frequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequency, Modulus / 2);
    }
}
