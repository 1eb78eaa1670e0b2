using System.Text.RegularExpressions;
using Grokking.Cuda.Checks;
using Grokking.Cuda.Kernels;

namespace Grokking.Properties.Cuda;

/// <summary>The checks that users can run hold on the simulated device, and leave out no kernel.</summary>
[Collection(SimulatedDriver.Turns)]
public sealed partial class CheckTests(SimulatedDevice simulated) : IClassFixture<SimulatedDevice>
{
    /// <summary>The names of all checks.</summary>
    public static TheoryData<int> Checks => [.. Enumerable.Range(0, KernelChecks.All.Length)];

    [SimulatedTheory]
    [MemberData(nameof(Checks))]
    public void Each_check_holds_and_is_of_the_kernel_that_it_names(int number)
    {
        var check = KernelChecks.All[number];
        var (error, repeats) = check.Run(simulated.Device);
        Assert.True(error <= check.Tolerance && repeats, $"{check.Kernel}, {check.What}: off by {error:G3}, {check.Tolerance:G3} is allowed; repeats: {repeats}.");
        Assert.Contains(check.Kernel, check.Launched(simulated.Device));
    }

    [SimulatedFact]
    public void No_kernel_is_left_out() => Assert.Equal(
        Entry().Matches(KernelText.Ptx).Select(entry => entry.Groups[1].Value).Order(StringComparer.Ordinal),
        KernelChecks.All.Select(check => check.Kernel).Distinct().Order(StringComparer.Ordinal));

    [SimulatedFact]
    public void A_check_can_be_timed()
    {
        var speed = KernelChecks.All[0].Time(simulated.Device, scale: 16, places: 2, repetitions: 2);
        Assert.True(speed.Seconds >= 0 && speed.Work > 0);
    }

    [GeneratedRegex(@"^\.visible \.entry (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
