using System.Runtime.Intrinsics;
using Grokking.Host.Benchmarks;

namespace Grokking.Service.Benchmarks;

/// <summary>A share of the peak is worth what the peak is worth: the loop does the work that it reports.</summary>
public class MultiplyAddLoopTests
{
    private const int Chains = 12;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1001)]
    public void Every_lane_of_every_chain_counts_its_multiply_adds(int turns)
    {
        Assert.Equal(turns * Chains * 16.0, MultiplyAddLoop<MultiplyAdd512, Vector512<float>>.Run(turns, 1));
        Assert.Equal(turns * Chains * 8.0, MultiplyAddLoop<MultiplyAdd256, Vector256<float>>.Run(turns, 1));
        Assert.Equal(turns * Chains * 4.0, MultiplyAddLoop<MultiplyAdd128, Vector128<float>>.Run(turns, 1));
    }

    [Fact]
    public void The_count_comes_from_the_arithmetic_and_not_from_the_number_of_turns() =>
        // x ← 3x + 3 from zero: 3, 12, 39.
        Assert.Equal(39.0 * Chains * 8, MultiplyAddLoop<MultiplyAdd256, Vector256<float>>.Run(3, 3));

    [Fact]
    public void A_burst_reports_what_its_threads_did_in_the_time_they_took()
    {
        foreach (ArithmeticPeak peak in ArithmeticPeak.Available)
        {
            Assert.True(peak.Loop(10, 1) >= 10 * Chains * 4);
            Assert.True(peak.Burst(threads: 2, seconds: 0.01) > 0);
        }
    }

    [Fact]
    public void A_crew_adds_up_what_its_threads_did()
    {
        (double done, double seconds) = Crew.Run(5, place => place + 1);

        Assert.Equal(15, done);
        Assert.True(seconds >= 0);
    }
}
