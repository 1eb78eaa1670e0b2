using System.Numerics;
using FsCheck.Xunit;
using Grokking.Measures;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using MathNet.Numerics.IntegralTransforms;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Keys)])]
public sealed class SpectrumTests
{
    /// <summary>Sums of at most 200 terms of size up to about 4 in float64.</summary>
    private const double Rounding = 1e-11;

    [Property]
    public void The_transform_is_the_one_that_others_compute(byte size, AnyKey key)
    {
        var length = 1 + (size % 200);
        var rows = Rows(3, length, key);
        var spectrum = Spectrum.OfRows(rows);
        for (var row = 0; row < 3; row++)
        {
            var expected = rows.Span.Slice(row * length, length).ToArray().Select(value => new Complex(value, 0)).ToArray();
            Fourier.Forward(expected, FourierOptions.NoScaling);
            for (var k = 0; k < spectrum.Frequencies; k++)
            {
                Assert.Equal(expected[k].Real, spectrum.Real.Span[(row * spectrum.Frequencies) + k], Rounding);
                Assert.Equal(expected[k].Imaginary, spectrum.Imaginary.Span[(row * spectrum.Frequencies) + k], Rounding);
            }
        }
    }

    [Property]
    public void Power_over_all_frequencies_is_the_length_times_the_sum_of_squares(byte size, AnyKey key)
    {
        var length = 1 + (size % 200);
        var rows = Rows(1, length, key);
        var spectrum = Spectrum.OfRows(rows);
        var power = Enumerable.Range(0, spectrum.Frequencies).Sum(k => spectrum.Multiplicity(k) * spectrum.Power(0, k));
        var squares = length * rows.Span.ToArray().Sum(value => value * value);
        Assert.Equal(1, power / squares, Rounding);
        Assert.Equal(length, Enumerable.Range(0, spectrum.Frequencies).Sum(spectrum.Multiplicity));
    }

    [Property]
    public void A_cosine_has_its_power_at_its_frequency_and_shows_its_phase(byte size, byte chosen, AnyKey key)
    {
        var length = 3 + (size % 200);
        var frequency = 1 + (chosen % ((length - 1) / 2));
        var phase = Math.PI * ((2 * key.Key.Uniform(0)) - 1);
        var spectrum = Spectrum.OfRows(Dense.Build(Shape.Of(1, length), at => Math.Cos((2 * Math.PI * frequency * at[1] / length) + phase)));
        Assert.Equal(0, Phases.Wrap(spectrum.Phase(0, frequency) - phase), 1e-9);
        Assert.All(Enumerable.Range(0, spectrum.Frequencies), k =>
            Assert.Equal(k == frequency ? length * length / 4.0 : 0, spectrum.Power(0, k), 1e-8));
    }

    [Fact]
    public void Only_a_matrix_has_rows() => Assert.Throws<ArgumentException>(() => Spectrum.OfRows(Dense.Number(1)));

    private static Dense Rows(int rows, int length, AnyKey key)
    {
        var values = new double[rows * length];
        key.Key.FillNormal(values, 0);
        return Dense.Of(Shape.Of(rows, length), values);
    }
}
