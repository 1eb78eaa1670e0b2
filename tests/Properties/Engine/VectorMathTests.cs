using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using FsCheck.Xunit;
using Grokking.Engine.Cpu;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors.Primitives;

namespace Grokking.Properties.Engine;

/// <summary>The functions over lanes against float64, all over float32, and against each other.</summary>
public unsafe class VectorMathTests
{
    /// <summary>
    /// Every so many-th bit pattern is tried: a prime, so that all exponents meet all kinds of fractions; 4.3 million in all.
    /// </summary>
    private const uint Stride = 997;

    /// <summary>Patterns at a time.</summary>
    private const int Block = 4096;

    private static readonly float[] Remarkable =
    [
        float.NaN, BitConverter.Int32BitsToSingle(0x7FC1_2345), BitConverter.Int32BitsToSingle(0x7F81_2345), float.PositiveInfinity,
        float.MaxValue, 0, float.Epsilon, 1.17549421e-38f, 1.17549435e-38f, 1e-20f, 1, 0.333333343f, 0.6666667f, 1.3333334f, 0.7071068f,
        1.4142135f, 0.6931472f, 0.3465736f, 2, 3.8f, 3.9f, 4, 9, 9.01f, 9.02f, 10, 20, 87, 87.33654f, 88.72284f, 89, 103.972f,
        103.97284f, 104, 16777216, 8388608,
    ];

    /// <summary>A checksum of all results of each function, found once: other machines and instruction sets must reproduce it.</summary>
    private static readonly ImmutableDictionary<string, ulong> Checksums = new Dictionary<string, ulong>
    {
        [nameof(Exp)] = 5557329884190623666,
        [nameof(Log)] = 15912430710990934843,
        [nameof(Tanh)] = 9999292552876008594,
        [nameof(Erf)] = 5326920925617428523,
    }.ToImmutableDictionary();

    /// <summary>The primitives that have a vector function.</summary>
    public static TheoryData<string> Functions => [.. Chains.Transcendental.Select(primitive => primitive.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_close_over_the_whole_range(string name) => VectorForm.Of(name).AssertClose();

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_NaN_passes_unchanged(string name)
    {
        foreach (var bits in new[] { 0x7FC0_0000, 0x7FC1_2345, 0x7F81_2345, unchecked((int)0xFFC0_0000), unchecked((int)0xFFFF_FFFF) })
        {
            Assert.Equal(bits, Bits(VectorForm.Of(name).One(BitConverter.Int32BitsToSingle(bits))));
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_number_of_lanes_does_not_change_a_bit(string name) => VectorForm.Of(name).AssertSameBits();

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_machine_gives_the_same_bits(string name)
    {
        var found = VectorForm.Of(name).Checksum();
        Assert.True(Checksums.TryGetValue(name, out var expected), $"{name} has no checksum yet. Where its other laws hold, it is {found}.");
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Exp_ends_where_float32_ends()
    {
        Assert.Equal(1, One<VectorExp>(0));
        Assert.Equal(1, One<VectorExp>(-0f));
        Assert.Equal(0, One<VectorExp>(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, One<VectorExp>(float.PositiveInfinity));
        Assert.Equal(float.PositiveInfinity, One<VectorExp>(88.7228394f));
        Assert.True(float.IsFinite(One<VectorExp>(88.7228317f)));
        Assert.Equal(float.Epsilon, One<VectorExp>(-103.9f));
        Assert.Equal(0, One<VectorExp>(-103.98f));
        Assert.True(float.IsSubnormal(One<VectorExp>(-88)));
    }

    [Fact]
    public void Log_is_defined_for_positive_numbers()
    {
        Assert.Equal(BitConverter.SingleToInt32Bits(0), BitConverter.SingleToInt32Bits(One<VectorLog>(1)));
        Assert.Equal(float.NegativeInfinity, One<VectorLog>(0));
        Assert.Equal(float.NegativeInfinity, One<VectorLog>(-0f));
        Assert.Equal(float.NaN, One<VectorLog>(-float.Epsilon));
        Assert.Equal(float.NaN, One<VectorLog>(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, One<VectorLog>(float.PositiveInfinity));
        Assert.Equal(-103.278929903f, One<VectorLog>(float.Epsilon));
    }

    [Fact]
    public void Tanh_and_erf_reach_one()
    {
        foreach (var x in new[] { 9.02f, 10, 50, float.MaxValue, float.PositiveInfinity })
        {
            Assert.Equal(1, One<VectorTanh>(x));
            Assert.Equal(1, One<VectorErf>(x));
        }

        Assert.True(One<VectorTanh>(9) < 1);
        Assert.True(One<VectorErf>(3.8f) < 1);
    }

    [Property(MaxTest = 1000)]
    public void Tanh_and_erf_are_odd_to_the_sign_of_zero(int bits)
    {
        var x = BitConverter.Int32BitsToSingle(bits);
        foreach (var value in (float[])[.. Remarkable, x])
        {
            Assert.Equal(Bits(One<VectorTanh>(value)) ^ int.MinValue, Bits(One<VectorTanh>(-value)));
            Assert.Equal(Bits(One<VectorErf>(value)) ^ int.MinValue, Bits(One<VectorErf>(-value)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(65)]
    public void A_run_ends_where_it_should(int length)
    {
        var x = Enumerable.Range(0, 70).Select(i => i * 0.1f).ToArray();
        var expected = x.Select((value, i) => i < length ? One<VectorExp>(value) : value).ToArray();
        fixed (float* run = x)
        {
            VectorFunction.Map<VectorExp>(run, run, length);
        }

        Assert.Equal(expected, x);
    }

    private static void AssertEqual(float[] y, float[] z, float[] x, int n)
    {
        for (var i = 0; i < n; i++)
        {
            if (Bits(y[i]) != Bits(z[i]))
            {
                Assert.Fail($"At {x[i]:R} ({Bits(x[i]):X8}) one lane gives {y[i]:R}, several give {z[i]:R}.");
            }
        }
    }

    /// <summary>All of float32 in strides, and the surroundings of every remarkable number.</summary>
    private static IEnumerable<float[]> Arguments()
    {
        foreach (var start in Remarkable.SelectMany(value => new[] { value, -value }))
        {
            yield return [.. Enumerable.Range(-256, 512).Select(step => BitConverter.Int32BitsToSingle(Bits(start) + step))];
        }

        for (var first = 0L; first <= uint.MaxValue; first += Block * (long)Stride)
        {
            var count = (int)Math.Min(Block, ((uint.MaxValue - first) / Stride) + 1);
            var block = new float[count];
            for (var i = 0; i < count; i++)
            {
                block[i] = BitConverter.UInt32BitsToSingle((uint)first + ((uint)i * Stride));
            }

            yield return block;
        }
    }

    /// <summary>
    /// |y − exact| in spacings of float32 around the exact value; 0 where both are NaN or the same infinity, also after rounding.
    /// </summary>
    private static double Error(float y, double exact)
    {
        var nearest = (float)exact;
        if (!float.IsFinite(nearest) || !float.IsFinite(y))
        {
            return nearest.Equals(y) ? 0 : double.PositiveInfinity;
        }

        var exponent = exact == 0 ? -149 : Math.Max(Math.ILogB(exact) - 23, -149);
        return Math.Abs(y - exact) / Math.ScaleB(1, exponent);
    }

    private static float One<F>(float x)
        where F : struct, IVectorFunction
    {
        float y;
        VectorFunction.Map<F>(&y, &x, 1);
        return y;
    }

    private static int Bits(float x) => BitConverter.SingleToInt32Bits(x);

    /// <summary>A primitive with its vector function.</summary>
    private abstract class VectorForm
    {
        public static VectorForm Of(string name)
        {
            var primitive = Chains.Transcendental.Single(primitive => primitive.Name == name);
            return (VectorForm)Activator.CreateInstance(typeof(VectorForm<>).MakeGenericType(VectorFunction.Of(primitive)!), primitive)!;
        }

        public abstract float One(float x);

        public abstract void AssertClose();

        public abstract void AssertSameBits();

        /// <summary>The FNV-1a hash of the results' bits, a word at a time.</summary>
        public abstract ulong Checksum();
    }

    private sealed class VectorForm<F>(Unary definition) : VectorForm
        where F : struct, IVectorFunction
    {
        public override float One(float x) => One<F>(x);

        public override void AssertClose() => EachBlock((x, y) =>
        {
            for (var i = 0; i < x.Length; i++)
            {
                var exact = definition.Value(x[i]);
                var error = Error(y[i], exact);
                if (!(error <= F.LargestError))
                {
                    Assert.Fail($"{definition.Name} of {x[i]:R} is {y[i]:R}, not {exact:R}: {error} units in the last place.");
                }
            }
        });

        public override ulong Checksum()
        {
            var hash = 14695981039346656037;
            EachBlock((x, y) =>
            {
                for (var i = 0; i < x.Length; i++)
                {
                    hash = unchecked((hash ^ (uint)Bits(y[i])) * 1099511628211);
                }
            });
            return hash;
        }

        public override void AssertSameBits()
        {
            var y = new float[Block];
            var z = new float[Block];
            foreach (var x in Arguments())
            {
                fixed (float* from = x, to = y, other = z)
                {
                    var whole = x.Length & -16;
                    Assert.Equal(x.Length, VectorFunction.Map<F, SingleLane, float>(to, from, 0, x.Length));
                    Assert.Equal(whole, VectorFunction.Map<F, Lanes512, Vector512<float>>(other, from, 0, x.Length));
                    AssertEqual(y, z, x, whole);
                    Assert.Equal(x.Length & -8, VectorFunction.Map<F, Lanes256, Vector256<float>>(other, from, 0, x.Length));
                    AssertEqual(y, z, x, whole);
                    Assert.Equal(x.Length & -4, VectorFunction.Map<F, Lanes128, Vector128<float>>(other, from, 0, x.Length));
                    AssertEqual(y, z, x, whole);
                }
            }
        }

        /// <summary>All arguments, block after block, with the function's results.</summary>
        private static void EachBlock(Action<float[], float[]> look)
        {
            var y = new float[Block];
            foreach (var x in Arguments())
            {
                fixed (float* from = x, to = y)
                {
                    VectorFunction.Map<F>(to, from, x.Length);
                }

                look(x, y);
            }
        }
    }
}
